/** The rules for names and room ids, as the server has them. */

import { expect, test } from "vitest";
import { isName, isRoomId, isVisible } from "./names.ts";

test.each([
  ["Alice", true],
  ["می\u200cخواهم", true],
  ["👩\u200d💻", true],
  ["x".repeat(64), true],
  ["👋".repeat(64), true],
  ["x".repeat(65), false],
  ["two\nlines", false],
  ["\u202ekcab", false],
  ["\u2800", false],
  [" ", false],
  ["", false],
])("accepts the name %j: %s", (name, expected) => {
  expect(isName(name)).toBe(expected);
});

test.each([
  ["a", true],
  ["\u3164", false],
  ["\u0301", false],
  ["\u3164\u200d", false],
  ["🍵", true],
  ["", false],
])("finds %j visible: %s", (name, expected) => {
  expect(isVisible(name)).toBe(expected);
});

test.each([
  ["tea-time_2", true],
  ["x".repeat(64), true],
  ["x".repeat(65), false],
  ["tea time", false],
  ["tea\n", false],
  ["", false],
])("accepts the room id %j: %s", (id, expected) => {
  expect(isRoomId(id)).toBe(expected);
});
