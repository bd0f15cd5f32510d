import { expect, test } from "vitest";

import { guestOf, makeKey, signIn, signOut } from "./guest.ts";
import {
  draftOf,
  keepDraft,
  lastRead,
  markRead,
  rememberedRooms,
  rememberRoom,
} from "../rooms/room-memory.ts";
import { MemoryShelf, Store } from "../lib/store.ts";
import { chooseTheme, themeOf } from "../lib/theme.ts";

test("a guest is the same again as long as the browser keeps them", () => {
  const storage = new MemoryShelf();

  const guest = signIn(new Store(storage), "Alice");

  expect(guestOf(new Store(storage))).toEqual(guest);
});

test("a key is what the server accepts, and never the same", () => {
  const keys = Array.from({ length: 50 }, () => makeKey());

  for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9._~-]{32,128}$/);
  expect(new Set(keys).size).toBe(50);
});

test.each([
  ["no key", { name: "Alice" }],
  ["a short key", { name: "Alice", key: "short" }],
  ["a key that no URL can have", { name: "Alice", key: "x".repeat(40) + "&name=eve" }],
  ["nothing", null],
])("what was kept with %s is no guest", (_, kept) => {
  const store = new Store(new MemoryShelf());
  store.write("guest", kept);

  expect(guestOf(store)).toBeUndefined();
});

test("signing out forgets the guest and all that was theirs, but not the colours", () => {
  const storage = new MemoryShelf();
  const store = new Store(storage);
  const { key } = signIn(store, "Alice");
  rememberRoom(store, { roomId: "tea", name: "Tea" });
  markRead(store, "tea", 7);
  keepDraft(store, "tea", "unsaid");
  chooseTheme(store, "dark");

  signOut(store);

  expect(guestOf(store)).toBeUndefined();
  expect(rememberedRooms(store)).toEqual([]);
  expect(lastRead(store, "tea")).toBeUndefined();
  expect(draftOf(store, "tea")).toBe("");
  expect(themeOf(store)).toBe("dark");
  const kept = Array.from({ length: storage.length }, (_, index) => storage.getItem(storage.key(index)!));
  expect(kept.join()).not.toContain(key);
});
