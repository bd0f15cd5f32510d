/** Counts the messages that the user has not read. */

import type { Message, Room } from "../../sdk/index.ts";

export interface Unread {
  readonly count: number;
  /** True if older messages, which are not loaded, may be unread, too. */
  readonly isMore: boolean;
}

type Seen = Pick<Room, "messages" | "hasOlder">;

/**
 * Count the messages of other users after *lastRead*, without deleted messages.
 *
 * If *lastRead* is undefined, the user has never seen the room and the count is 0.
 */
export function unreadIn(
  { messages, hasOlder }: Seen,
  lastRead: number | undefined,
  userId: string | undefined,
): Unread {
  if (lastRead === undefined) return { count: 0, isMore: false };
  const first = firstAfter(messages, lastRead);
  let count = 0;
  for (let index = first; index < messages.length; index++) {
    const message = messages[index];
    if (message && message.sender.userId !== userId && message.text !== "") count++;
  }
  return { count, isMore: hasOlder && first === 0 && count > 0 };
}

/** Return the index of the first message after a seq. */
function firstAfter(messages: readonly Message[], seq: number): number {
  let index = messages.length;
  while (index > 0 && (messages[index - 1]?.seq ?? 0) > seq) index--;
  return index;
}

/** Return a count for a badge, such as "7", "7+" or "99+". */
export function badge({ count, isMore }: Unread): string {
  if (count > 99) return "99+";
  return isMore ? `${count}+` : String(count);
}
