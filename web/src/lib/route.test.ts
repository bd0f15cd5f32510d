import { describe, expect, test } from "vitest";

import { hashOf, linkTo, parse } from "./route.ts";
import { roomIn, suggestId } from "../rooms/room-address.ts";

describe("an address", () => {
  test.each([
    ["#/room/tea", "tea"],
    ["#/room/Tea_time-2/", "Tea_time-2"],
    [`#/room/${"x".repeat(64)}`, "x".repeat(64)],
  ])("%s shows a room", (hash, roomId) => {
    expect(parse(hash)).toEqual({ view: "room", roomId });
  });

  test.each(["", "#", "#/", "#/room/", "#/room/a b", "#/room/<b>", `#/room/${"x".repeat(65)}`])(
    "%s shows the rooms",
    (hash) => {
      expect(parse(hash)).toEqual({ view: "rooms" });
    },
  );

  test("leads back to what it shows", () => {
    expect(parse(hashOf({ view: "room", roomId: "tea" }))).toEqual({ view: "room", roomId: "tea" });
    expect(parse(hashOf({ view: "rooms" }))).toEqual({ view: "rooms" });
  });
});

test("a link to a room keeps the page's own address", () => {
  expect(linkTo("tea", "https://chat.example/app/?x=1#/room/milk")).toBe(
    "https://chat.example/app/?x=1#/room/tea",
  );
});

test.each([
  ["tea", "tea"],
  ["  tea ", "tea"],
  ["https://chat.example/#/room/tea", "tea"],
  ["#/room/tea", "tea"],
  ["https://chat.example/", undefined],
  ["tea time", undefined],
  ["", undefined],
])("of what is typed, %j means the room %j", (typed, roomId) => {
  expect(roomIn(typed)?.roomId).toBe(roomId);
});

test("a link to a private room has an invite in it, which is no part of the room's id", () => {
  const link = linkTo("tea", "https://chat.example/#/", "s3-cret_");

  expect(link).toBe("https://chat.example/#/room/tea?invite=s3-cret_");
  expect(roomIn(link)).toEqual({ view: "room", roomId: "tea", invite: "s3-cret_" });
  expect(parse("#/room/tea?invite=<b>")).toEqual({ view: "rooms" });
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
