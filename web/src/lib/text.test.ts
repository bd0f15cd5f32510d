import { expect, test } from "vitest";

import { countOf, isJumbo, length, sendable, tidyName } from "./text.ts";

test.each([
  ["", 0],
  ["abc", 3],
  ["🍵", 1],
  ["👨‍👩‍👧", 5],
  ["e\u0301", 2],
])("%j has the length that the server counts: %i", (text, count) => {
  expect(length(text)).toBe(count);
});

test("a text keeps line breaks and tabs, and loses characters that the server rejects", () => {
  expect(sendable("\r\n one\r\n\ttwo\rthree\u0000\u001b\u0085 \n\n")).toBe(" one\n\ttwo\nthree");
  expect(sendable(" \n\t ")).toBe("");
  expect(sendable("half \ud83c pair")).toBe("half \ufffd pair");
});

test("a name has one line and no direction marks", () => {
  expect(tidyName("  Al\u202eice\n Smith\u200b ")).toBe("Alice Smith");
  expect(tidyName("👨‍👩‍👧")).toBe("👨‍👩‍👧");
});

test.each([
  ["🍵", true],
  ["🎉🎉 ❤️", true],
  ["👨‍👩‍👧👍🏽🇫🇷", true],
  ["🎉🎉🎉🎉", false],
  ["ok 🎉", false],
  ["12", false],
  ["", false],
])("%j is shown large: %s", (text, isLarge) => {
  expect(isJumbo(text)).toBe(isLarge);
});

test("a count has the right noun", () => {
  expect(countOf(1, "person", "people")).toBe("1 person");
  expect(countOf(0, "person", "people")).toBe("0 people");
});
