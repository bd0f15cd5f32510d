import { expect, test } from "vitest";

import { dayName, dayOf, shortTime } from "./dates.ts";

const NOW = new Date(2026, 10, 23, 9, 30).getTime();

function at(year: number, month: number, day: number, hour = 12): number {
  return new Date(year, month - 1, day, hour).getTime();
}

test("a day is local, and one more than the day before", () => {
  expect(dayOf(at(2026, 11, 23, 0))).toBe(dayOf(at(2026, 11, 23, 23)));
  expect(dayOf(at(2026, 11, 24, 0)) - dayOf(at(2026, 11, 23, 23))).toBe(1);
  expect(dayOf(at(2027, 1, 1)) - dayOf(at(2026, 12, 31))).toBe(1);
});

test("days are called as people call them", () => {
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

test("in little space, today is a time and another day its name", () => {
  expect(shortTime(NOW, NOW)).toMatch(/9:30/);
  expect(shortTime(at(2026, 11, 22), NOW)).toMatch(/yesterday/i);
});
