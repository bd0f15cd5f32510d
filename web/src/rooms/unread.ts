/** What one has not read yet. */

import type { Message, Room } from "../../sdk/index.ts";

export interface Unread {
  readonly count: number;
  /** Whether older messages, which are not loaded, may be unread too. */
  readonly isMore: boolean;
}

type Seen = Pick<Room, "messages" | "hasOlder">;

/** The others' messages beyond *lastRead*, without those that were taken back; none in a room that was never seen. */
export function unreadIn(
  { messages, hasOlder }: Seen,
  lastRead: number | undefined,
  userId: string | undefined,
): Unread {
  if (lastRead === undefined) return { count: 0, isMore: false };
  const first = firstBeyond(messages, lastRead);
  let count = 0;
  for (let index = first; index < messages.length; index++) {
    const message = messages[index];
    if (message && message.sender.userId !== userId && message.text !== "") count++;
  }
  return { count, isMore: hasOlder && first === 0 && count > 0 };
}

/** The index of the first message beyond a seq. */
function firstBeyond(messages: readonly Message[], seq: number): number {
  let index = messages.length;
  while (index > 0 && (messages[index - 1]?.seq ?? 0) > seq) index--;
  return index;
}

/** How a count is shown where there is little space. */
export function badge({ count, isMore }: Unread): string {
  if (count > 99) return "99+";
  return isMore ? `${count}+` : String(count);
}
