/** Until when something is so, in plain words. */

/** "until 14:05", with the day when it is another one. */
export function untilWhen(time: number | string, now = Date.now()): string {
  const at = new Date(time);
  const isToday = at.toDateString() === new Date(now).toDateString();
  const day = isToday ? {} : ({ weekday: "long", day: "numeric", month: "long" } as const);
  return `until ${at.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" })}`;
}
