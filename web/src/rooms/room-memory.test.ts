import { beforeEach, expect, test } from "vitest";

import {
  draftOf,
  forgetReading,
  forgetRoom,
  saveDraft,
  lastRead,
  markRead,
  rememberedRooms,
  rememberRoom,
} from "./room-memory.ts";
import { MemoryStorage, Store } from "../lib/store.ts";

let store: Store;
beforeEach(() => {
  store = new Store(new MemoryStorage());
});

test("rooms are stored once, in the order of joining, with the latest name", () => {
  rememberRoom(store, { roomId: "tea", name: "Tea" });
  rememberRoom(store, { roomId: "milk", name: "Milk" });
  rememberRoom(store, { roomId: "tea", name: "Tea time" });

  expect(rememberedRooms(store)).toEqual([
    { roomId: "tea", name: "Tea time" },
    { roomId: "milk", name: "Milk" },
  ]);
});

test("an invalid list of rooms is ignored", () => {
  store.write("rooms", [{ roomId: 7 }]);

  expect(rememberedRooms(store)).toEqual([]);
});

test("forgetting a room forgets its last read message and its draft", () => {
  rememberRoom(store, { roomId: "tea", name: "Tea" });
  markRead(store, "tea", 3);
  saveDraft(store, "tea", "x");

  forgetRoom(store, "tea");

  expect(rememberedRooms(store)).toEqual([]);
  expect(lastRead(store, "tea")).toBeUndefined();
  expect(draftOf(store, "tea")).toBe("");
});

test("the last read seq only increases, until the room is created again", () => {
  markRead(store, "tea", 5);
  markRead(store, "tea", 3);
  expect(lastRead(store, "tea")).toBe(5);

  forgetReading(store, "tea");
  markRead(store, "tea", 1);
  expect(lastRead(store, "tea")).toBe(1);
});

test("each room has its own draft", () => {
  saveDraft(store, "tea", "with milk");
  saveDraft(store, "milk", "in tea");
  saveDraft(store, "milk", "");

  expect(draftOf(store, "tea")).toBe("with milk");
  expect(draftOf(store, "milk")).toBe("");
});
