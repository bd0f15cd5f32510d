import { describe, expect, test } from "vitest";

import { hashOf, linkTo, parse } from "./route.ts";

describe("the address", () => {
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

  test("is the inverse of `hashOf`", () => {
    expect(parse(hashOf({ view: "room", roomId: "tea" }))).toEqual({ view: "room", roomId: "tea" });
    expect(parse(hashOf({ view: "rooms" }))).toEqual({ view: "rooms" });
  });
});

test("a link to a room keeps the page's own address", () => {
  expect(linkTo("tea", "https://chat.example/app/?x=1#/room/milk")).toBe(
    "https://chat.example/app/?x=1#/room/tea",
  );
});

test("a link to a private room has an invite, which is not a part of the room's id", () => {
  const link = linkTo("tea", "https://chat.example/#/", "s3-cret_");

  expect(link).toBe("https://chat.example/#/room/tea?invite=s3-cret_");
  expect(parse(new URL(link).hash)).toEqual({ view: "room", roomId: "tea", invite: "s3-cret_" });
  expect(parse("#/room/tea?invite=<b>")).toEqual({ view: "rooms" });
});
