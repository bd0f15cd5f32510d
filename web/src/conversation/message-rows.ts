/** Turns messages into rows, grouped by day and by author. */

import type { ChatError, Member, Message, Outgoing, Room } from "../../sdk/index.ts";
import { dayOf } from "../lib/dates.ts";

export interface Row {
  /** The same before and after the server acknowledges an own message. */
  readonly key: string;
  readonly author: Member;
  readonly isOwn: boolean;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly state: "stored" | Outgoing["state"];
  /** The seq of a stored message. The text of a deleted message is empty. */
  readonly seq?: number;
  /** The id of a message that is not stored yet. */
  readonly clientMessageId?: string;
  readonly error?: ChatError;
  /** True for the first message of a day. */
  readonly opensDay: boolean;
  /** True for the first new message. */
  readonly isFirstNew: boolean;
  /** True for the first, or the last, of consecutive messages of the same author. */
  readonly opensGroup: boolean;
  readonly closesGroup: boolean;
}

/** The maximum time between two messages of a group, in milliseconds. */
const GROUP_GAP = 5 * 60_000;

/** The part of a row that depends only on its message. */
type Entry = Omit<Row, Position> & { readonly day: number };
type Position = "opensDay" | "isFirstNew" | "opensGroup" | "closesGroup";

type History = Pick<Room, "messages" | "outgoing" | "hasOlder">;

/**
 * Makes the rows of a room.
 *
 * A row that has not changed is the same object as before. A new message then renders only its own
 * row, also in a long conversation.
 */
export class RowMaker {
  readonly #me: Member;
  readonly #entries = new WeakMap<Message | Outgoing, Entry>();
  readonly #rows = new WeakMap<Entry, Row>();

  constructor(me: Member) {
    this.#me = me;
  }

  /** Returns the rows. Messages after the seq *newAfter* are marked as new. */
  rows({ messages, outgoing, hasOlder }: History, newAfter: number | undefined): readonly Row[] {
    const entries = [
      ...messages.map((message) => this.#entry(message, (source) => stored(source, this.#me))),
      ...outgoing.map((message) => this.#entry(message, (source) => unstored(source, this.#me))),
    ];
    const firstNew = this.#firstNew(messages, newAfter);
    const opensGroup = entries.map(
      (entry, index) => index === firstNew || !isTogether(entries[index - 1], entry),
    );
    return entries.map((entry, index) =>
      this.#row(entry, {
        // Until all older messages are loaded, the first row may continue an earlier day.
        opensDay: index === 0 ? !hasOlder : entries[index - 1]?.day !== entry.day,
        isFirstNew: index === firstNew,
        opensGroup: opensGroup[index] ?? true,
        closesGroup: opensGroup[index + 1] ?? true,
      }),
    );
  }

  #firstNew(messages: History["messages"], newAfter: number | undefined): number {
    if (newAfter === undefined) return -1;
    const { userId } = this.#me;
    return messages.findIndex(({ seq, sender }) => seq > newAfter && sender.userId !== userId);
  }

  #entry<Source extends Message | Outgoing>(
    source: Source,
    make: (source: Source) => Entry,
  ): Entry {
    const known = this.#entries.get(source);
    if (known) return known;
    const entry = make(source);
    this.#entries.set(source, entry);
    return entry;
  }

  #row(entry: Entry, position: Pick<Row, Position>): Row {
    const known = this.#rows.get(entry);
    if (known && isSame(known, position)) return known;
    const row = { ...entry, ...position };
    this.#rows.set(entry, row);
    return row;
  }
}

function stored({ seq, sender, text, sentAt, clientMessageId }: Message, me: Member): Entry {
  const isOwn = sender.userId === me.userId;
  const key = isOwn && clientMessageId ? clientMessageId : String(seq);
  const at = Date.parse(sentAt);
  return { key, seq, author: sender, isOwn, text, at, day: dayOf(at), state: "stored" };
}

function unstored(message: Outgoing, author: Member): Entry {
  const { clientMessageId: key, at } = message;
  return { ...message, key, author, isOwn: true, day: dayOf(at) };
}

function isTogether(before: Entry | undefined, entry: Entry): boolean {
  return (
    before?.author.userId === entry.author.userId &&
    before.author.name === entry.author.name &&
    before.day === entry.day &&
    entry.at - before.at < GROUP_GAP
  );
}

function isSame(row: Row, position: Pick<Row, Position>): boolean {
  return (
    row.opensDay === position.opensDay &&
    row.isFirstNew === position.isFirstNew &&
    row.opensGroup === position.opensGroup &&
    row.closesGroup === position.closesGroup
  );
}
