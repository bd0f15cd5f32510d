import { expect, test } from "vitest";

import { dayName, dayOf, shortTime, untilWhen } from "./dates.ts";

const NOW = new Date(2026, 10, 23, 9, 30).getTime();

function at(year: number, month: number, day: number, hour = 12): number {
  return new Date(year, month - 1, day, hour).getTime();
}

test("a day is local, and its number is one more than that of the day before", () => {
  expect(dayOf(at(2026, 11, 23, 0))).toBe(dayOf(at(2026, 11, 23, 23)));
  expect(dayOf(at(2026, 11, 24, 0)) - dayOf(at(2026, 11, 23, 23))).toBe(1);
  expect(dayOf(at(2027, 1, 1)) - dayOf(at(2026, 12, 31))).toBe(1);
});

test("recent days have relative names, others have a date", () => {
  const names = [
    at(2026, 11, 23),
    at(2026, 11, 22, 23),
    at(2026, 11, 18),
    at(2026, 5, 3),
    at(2024, 5, 3),
  ];

  const [today, yesterday, weekday, thisYear, before] = names.map((day) => dayName(day, NOW));

  expect(today).toMatch(/today/i);
  expect(yesterday).toMatch(/yesterday/i);
  expect(weekday).toBe("Wednesday");
  expect(thisYear).toContain("May");
  expect(thisYear).not.toContain("2026");
  expect(before).toContain("2024");
});

test("the short form is a time for today and a name for other days", () => {
  expect(shortTime(NOW, NOW)).toMatch(/9:30/);
  expect(shortTime(at(2026, 11, 22), NOW)).toMatch(/yesterday/i);
});

const NOON = new Date(2026, 10, 23, 12).getTime();
const HOUR = 3_600_000;

test("an end today has only a time", () => {
  expect(untilWhen(NOON + HOUR, NOON)).toMatch(/^until (13:00|01:00\sPM)$/);
});

test("an end on another day has the day, too", () => {
  expect(untilWhen(new Date(NOON + 24 * HOUR).toISOString(), NOON)).toMatch(
    /^until (?=.*24)(?=.*November)(?=.*12:00)/,
  );
});
