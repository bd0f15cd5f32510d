import { expect, test } from "vitest";

import { untilWhen } from "./until.ts";

const NOON = new Date(2026, 10, 23, 12).getTime();
const HOUR = 3_600_000;

test("of today, only the time is told", () => {
  expect(untilWhen(NOON + HOUR, NOON)).toMatch(/^until (13:00|01:00\sPM)$/);
});

test("of another day, the day is told too", () => {
  expect(untilWhen(new Date(NOON + 24 * HOUR).toISOString(), NOON)).toMatch(
    /^until (?=.*24)(?=.*November)(?=.*12:00)/,
  );
});
