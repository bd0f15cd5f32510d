import { expect, test } from "vitest";

import { forgetGuest, guestOf, makeKey, saveGuest } from "./guest.ts";
import {
  draftOf,
  saveDraft,
  lastRead,
  markRead,
  rememberedRooms,
  rememberRoom,
} from "../rooms/room-memory.ts";
import { MemoryStorage, Store } from "../lib/store.ts";
import { chooseTheme, themeOf } from "../lib/theme.ts";

test("a stored guest is the same guest again", () => {
  const storage = new MemoryStorage();

  const guest = saveGuest(new Store(storage), "Alice");

  expect(guestOf(new Store(storage))).toEqual(guest);
});

test("every key is valid and different", () => {
  const keys = Array.from({ length: 50 }, () => makeKey());

  for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9._~-]{32,128}$/);
  expect(new Set(keys).size).toBe(50);
});

test.each([
  ["no key", { name: "Alice" }],
  ["a short key", { name: "Alice", key: "short" }],
  ["a key that no URL can have", { name: "Alice", key: "x".repeat(40) + "&name=eve" }],
  ["nothing", null],
])("a stored guest with %s is ignored", (_, kept) => {
  const store = new Store(new MemoryStorage());
  store.write("guest", kept);

  expect(guestOf(store)).toBeUndefined();
});

test("signing out forgets the guest and the guest's data, but not the theme", () => {
  const storage = new MemoryStorage();
  const store = new Store(storage);
  const { key } = saveGuest(store, "Alice");
  rememberRoom(store, { roomId: "tea", name: "Tea" });
  markRead(store, "tea", 7);
  saveDraft(store, "tea", "unsaid");
  chooseTheme(store, "dark");

  forgetGuest(store);

  expect(guestOf(store)).toBeUndefined();
  expect(rememberedRooms(store)).toEqual([]);
  expect(lastRead(store, "tea")).toBeUndefined();
  expect(draftOf(store, "tea")).toBe("");
  expect(themeOf(store)).toBe("dark");
  const kept = Array.from({ length: storage.length }, (_, index) =>
    storage.getItem(storage.key(index)!),
  );
  expect(kept.join()).not.toContain(key);
});
