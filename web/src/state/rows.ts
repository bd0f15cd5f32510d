/** What a conversation shows, row by row: grouped by day and by author. */

import type { ChatError, Member, Outgoing, Room } from "../../sdk/index.ts";
import { dayOf } from "./dates.ts";

export interface Row {
  /** Stays the same from the first sight of an own message until after it is acknowledged. */
  readonly key: string;
  readonly author: Member;
  readonly isOwn: boolean;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly state: "stored" | Outgoing["state"];
  /** Of what is not stored yet. */
  readonly clientMessageId?: string;
  readonly error?: ChatError;
  /** A new day begins with it. */
  readonly opensDay: boolean;
  /** The first that is new. */
  readonly isFirstNew: boolean;
  /** The first, and the last, of one author's messages in a row. */
  readonly opensGroup: boolean;
  readonly closesGroup: boolean;
}

/** Milliseconds between two messages of one author that are still one group. */
const TOGETHER = 5 * 60_000;

type Entry = Omit<Row, "opensDay" | "isFirstNew" | "opensGroup" | "closesGroup">;

/** The rows of a room; *newAfter* is the seq after which messages are marked as new. */
export function rowsOf(
  { messages, outgoing }: Pick<Room, "messages" | "outgoing">,
  me: Member | undefined,
  newAfter: number | undefined,
): readonly Row[] {
  const entries = entriesOf(messages, outgoing, me);
  const firstNew =
    newAfter === undefined
      ? -1
      : messages.findIndex(({ seq, sender }) => seq > newAfter && sender.userId !== me?.userId);
  const opens = entries.map((entry, index) => ({
    day: !isSameDay(entries[index - 1], entry),
    group: index === firstNew || !isTogether(entries[index - 1], entry),
  }));
  return entries.map((entry, index) => ({
    ...entry,
    opensDay: opens[index]?.day ?? true,
    opensGroup: opens[index]?.group ?? true,
    closesGroup: opens[index + 1]?.group ?? true,
    isFirstNew: index === firstNew,
  }));
}

function entriesOf(
  messages: Room["messages"],
  outgoing: Room["outgoing"],
  me: Member | undefined,
): readonly Entry[] {
  const stored = messages.map(({ seq, sender, text, sentAt, clientMessageId }): Entry => {
    const isOwn = sender.userId === me?.userId;
    const key = isOwn && clientMessageId ? clientMessageId : String(seq);
    return { key, author: sender, isOwn, text, at: Date.parse(sentAt), state: "stored" };
  });
  const author = me ?? { userId: "", name: "" };
  const unstored = outgoing.map((out): Entry => ({
    ...out,
    key: out.clientMessageId,
    author,
    isOwn: true,
  }));
  return [...stored, ...unstored];
}

function isSameDay(before: Entry | undefined, entry: Entry): boolean {
  return before !== undefined && dayOf(before.at) === dayOf(entry.at);
}

function isTogether(before: Entry | undefined, entry: Entry): boolean {
  return (
    before?.author.userId === entry.author.userId &&
    before.author.name === entry.author.name &&
    entry.at - before.at < TOGETHER &&
    isSameDay(before, entry)
  );
}
