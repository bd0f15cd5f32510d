/** Messages for tests. */

import type { Message } from "../../sdk/index.ts";

/** Noon, so that messages hours before and after are on the same day in every time zone. */
const NOON = new Date(2026, 10, 23, 12).getTime();

/** Return a message of a sender with this id and name, sent *after* milliseconds after noon. */
export function message(seq: number, sender: string, after = seq * 1_000): Message {
  return {
    roomId: "tea",
    seq,
    sender: { userId: sender, name: sender },
    text: `text ${seq}`,
    sentAt: new Date(NOON + after).toISOString(),
  };
}
