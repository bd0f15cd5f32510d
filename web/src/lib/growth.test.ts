/** Functions of the page do linear work on what people wrote. */

import { expect, test } from "vitest";

import { linkify } from "../conversation/linkify.ts";
import { colourOf, initials } from "./avatar.ts";
import { parse } from "./route.ts";
import { isJumbo, length, linesIn, sendable, tidyName } from "./text.ts";
import { roomIn, suggestId } from "../rooms/room-address.ts";
import { superlinear } from "../../sdk/testing/growth.ts";

const FUNCTIONS = {
  colourOf,
  initials,
  isJumbo,
  length,
  linesIn: (text: string) => linesIn(text, 60),
  linkify,
  parse: (text: string) => parse(`#/room/${text}`),
  roomIn,
  sendable,
  suggestId,
  tidyName,
};

test.each(Object.entries(FUNCTIONS))("%s does linear work", (_, run) => {
  expect(superlinear(run)).toEqual([]);
});

test("the measurement finds quadratic work", () => {
  // eslint-disable-next-line regexp/no-super-linear-move -- the test needs a slow pattern
  const trimmed = (text: string): string => text.replace(/ +$/, "");
  expect(superlinear(trimmed)).toEqual(
    expect.arrayContaining([
      JSON.stringify(["", " ", "x"]),
      JSON.stringify(["https://", " ", "x"]),
    ]),
  );
});
