import { expect, test } from "vitest";

import { roomIn, suggestId } from "./room-address.ts";

test.each([
  ["tea", "tea"],
  ["  tea ", "tea"],
  ["https://chat.example/#/room/tea", "tea"],
  ["#/room/tea", "tea"],
  ["https://chat.example/", undefined],
  ["tea time", undefined],
  ["", undefined],
])("the typed text %j means the room %j", (typed, roomId) => {
  expect(roomIn(typed)?.roomId).toBe(roomId);
});

test("a typed link to a private room keeps its invite", () => {
  const link = "https://chat.example/#/room/tea?invite=s3-cret_";

  expect(roomIn(link)).toEqual({ view: "room", roomId: "tea", invite: "s3-cret_" });
});

test.each([
  ["Tea time!", "tea-time"],
  ["Crème brûlée", "creme-brulee"],
  ["  --  ", ""],
  ["お茶", ""],
  ["a".repeat(80), "a".repeat(40)],
])("%j suggests the id %j", (name, id) => {
  expect(suggestId(name)).toBe(id);
});
