import { expect, test } from "vitest";

import { message } from "../testing/messages.ts";
import { badge, unreadIn } from "./unread.ts";

const messages = [message(1, "bob"), message(2, "alice"), message(4, "bob"), message(5, "eve")];

test.each([
  [5, 0],
  [4, 1],
  [3, 2],
  [1, 2],
  [0, 3],
])("after seq %i, %i messages of other users are unread", (lastRead, count) => {
  expect(unreadIn({ messages, hasOlder: false }, lastRead, "alice").count).toBe(count);
});

test("a room that the user has never seen has no unread messages", () => {
  expect(unreadIn({ messages, hasOlder: true }, undefined, "alice")).toEqual({
    count: 0,
    isMore: false,
  });
});

test("if all loaded messages are unread, older ones may be unread, too", () => {
  expect(badge(unreadIn({ messages, hasOlder: true }, 0, "alice"))).toBe("3+");
  expect(badge(unreadIn({ messages, hasOlder: true }, 1, "alice"))).toBe("2");
  expect(badge({ count: 100, isMore: false })).toBe("99+");
});
