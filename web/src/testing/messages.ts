/** Messages for tests. */

import type { Message } from "../../sdk/index.ts";

/** Noon, so that hours to either side are the same day in every time zone of the tests. */
const NOON = new Date(2026, 10, 23, 12).getTime();

/** The message of a seq, of a person of that id and name, *after* milliseconds after noon. */
export function message(seq: number, sender: string, after = seq * 1_000): Message {
  return {
    roomId: "tea",
    seq,
    sender: { userId: sender, name: sender },
    text: `text ${seq}`,
    sentAt: new Date(NOON + after).toISOString(),
  };
}
