import { expect, test } from "vitest";

import { COLOURS, colourOf, initials } from "./avatar.ts";

test.each([
  ["Alice", "A"],
  ["alice müller", "AM"],
  ["Anaïs Le Goff", "AG"],
  ["tea-time", "TT"],
  ["ליאור כהן", "לכ"],
  ["🍵 bar", "🍵B"],
  ["👨‍👩‍👧", "👨‍👩‍👧"],
  ["<script>", "S"],
  ["!!!", "!"],
  ["", "?"],
])("%j has the initials %j", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test("a user keeps a colour, and every colour is used", () => {
  const colours = Array.from({ length: 500 }, (_, index) => colourOf(`guest-${index}`));

  expect(colourOf("guest-7")).toBe(colours[7]);
  expect([...new Set(colours)].toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: COLOURS }, (_, index) => index),
  );
});
