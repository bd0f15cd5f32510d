/** Formats days and times in the language of the browser. */

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const thisYear = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "long",
});
const anyYear = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** Return the number of the local day. The next day has the next number. */
export function dayOf(at: number): number {
  const date = new Date(at);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

export function clockTime(at: number): string {
  return time.format(at);
}

export function fullTime(at: number): string {
  return full.format(at);
}

/** Return the name of a day: "Today", "Yesterday", "Monday", "Mon, 3 May" or "3 May 2024". */
export function dayName(at: number, now: number): string {
  const ago = dayOf(now) - dayOf(at);
  if (ago === 0 || ago === 1) return capital(relative.format(-ago, "day"));
  if (ago > 1 && ago < 7) return weekday.format(at);
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? thisYear : anyYear).format(at);
}

/** Return the time for today, and the name of the day for earlier days. */
export function shortTime(at: number, now: number): string {
  return dayOf(at) === dayOf(now) ? clockTime(at) : dayName(at, now);
}

/** Return "until 14:05", with the day if it is not today. */
export function untilWhen(time: number | string, now = Date.now()): string {
  const at = new Date(time);
  const isToday = at.toDateString() === new Date(now).toDateString();
  const day = isToday ? {} : ({ weekday: "long", day: "numeric", month: "long" } as const);
  return `until ${at.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" })}`;
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
