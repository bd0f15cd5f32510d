/** Functions of the SDK do linear work on what people wrote and on what the server sends. */

import { expect, test } from "vitest";

import { superlinear } from "../testing/growth.ts";
import { isName, isRoomId, isVisible } from "./names.ts";
import { parse } from "./parse.ts";

test.each(Object.entries({ isName, isRoomId, isVisible, parse }))(
  "%s does linear work",
  (_, run) => {
    expect(superlinear(run)).toEqual([]);
  },
);
