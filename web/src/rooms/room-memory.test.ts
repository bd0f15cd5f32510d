import { beforeEach, expect, test } from "vitest";

import {
  draftOf,
  forgetReading,
  forgetRoom,
  keepDraft,
  lastRead,
  markRead,
  rememberedRooms,
  rememberRoom,
} from "./room-memory.ts";
import { MemoryShelf, Store } from "../lib/store.ts";

let store: Store;
beforeEach(() => {
  store = new Store(new MemoryShelf());
});

test("rooms are remembered once, in the order of entering, by their latest name", () => {
  rememberRoom(store, { roomId: "tea", name: "Tea" });
  rememberRoom(store, { roomId: "milk", name: "Milk" });
  rememberRoom(store, { roomId: "tea", name: "Tea time" });

  expect(rememberedRooms(store)).toEqual([
    { roomId: "tea", name: "Tea time" },
    { roomId: "milk", name: "Milk" },
  ]);
});

test("a list of rooms that is none is no list", () => {
  store.write("rooms", [{ roomId: 7 }]);

  expect(rememberedRooms(store)).toEqual([]);
});

test("a room that is forgotten takes its reading and its draft along", () => {
  rememberRoom(store, { roomId: "tea", name: "Tea" });
  markRead(store, "tea", 3);
  keepDraft(store, "tea", "x");

  forgetRoom(store, "tea");

  expect(rememberedRooms(store)).toEqual([]);
  expect(lastRead(store, "tea")).toBeUndefined();
  expect(draftOf(store, "tea")).toBe("");
});

test("reading only goes on, until the room begins anew", () => {
  markRead(store, "tea", 5);
  markRead(store, "tea", 3);
  expect(lastRead(store, "tea")).toBe(5);

  forgetReading(store, "tea");
  markRead(store, "tea", 1);
  expect(lastRead(store, "tea")).toBe(1);
});

test("drafts are kept by room", () => {
  keepDraft(store, "tea", "with milk");
  keepDraft(store, "milk", "in tea");
  keepDraft(store, "milk", "");

  expect(draftOf(store, "tea")).toBe("with milk");
  expect(draftOf(store, "milk")).toBe("");
});
