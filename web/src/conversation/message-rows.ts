/** What a conversation shows, row by row: grouped by day and by author. */

import type { ChatError, Member, Message, Outgoing, Room } from "../../sdk/index.ts";
import { dayOf } from "../lib/dates.ts";

export interface Row {
  /** Stays the same from the first sight of an own message until after it is acknowledged. */
  readonly key: string;
  readonly author: Member;
  readonly isOwn: boolean;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly state: "stored" | Outgoing["state"];
  /** Of what is stored; an empty text is what is left of a deleted message. */
  readonly seq?: number;
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

/** What one message says, whatever stands around it. */
type Entry = Omit<Row, Place> & { readonly day: number };
type Place = "opensDay" | "isFirstNew" | "opensGroup" | "closesGroup";

type Shown = Pick<Room, "messages" | "outgoing" | "hasOlder">;

/**
 * Makes the rows of one room. A row that has not changed is the same object as before: in a long
 * conversation a new message is little work, and nothing else is drawn again.
 */
export class RowMaker {
  readonly #me: Member;
  readonly #entries = new WeakMap<Message | Outgoing, Entry>();
  readonly #rows = new WeakMap<Entry, Row>();

  constructor(me: Member) {
    this.#me = me;
  }

  /** *newAfter* is the seq after which messages are marked as new. */
  rows({ messages, outgoing, hasOlder }: Shown, newAfter: number | undefined): readonly Row[] {
    const entries = [
      ...messages.map((message) => this.#entry(message, (one) => stored(one, this.#me))),
      ...outgoing.map((message) => this.#entry(message, (one) => unstored(one, this.#me))),
    ];
    const firstNew = this.#firstNew(messages, newAfter);
    const opensGroup = entries.map(
      (entry, index) => index === firstNew || !isTogether(entries[index - 1], entry),
    );
    return entries.map((entry, index) =>
      this.#row(entry, {
        // Whether a day begins with the first one shows when the older ones are there.
        opensDay: index === 0 ? !hasOlder : entries[index - 1]?.day !== entry.day,
        isFirstNew: index === firstNew,
        opensGroup: opensGroup[index] ?? true,
        closesGroup: opensGroup[index + 1] ?? true,
      }),
    );
  }

  #firstNew(messages: Shown["messages"], newAfter: number | undefined): number {
    if (newAfter === undefined) return -1;
    const { userId } = this.#me;
    return messages.findIndex(({ seq, sender }) => seq > newAfter && sender.userId !== userId);
  }

  #entry<Said extends Message | Outgoing>(said: Said, make: (said: Said) => Entry): Entry {
    const known = this.#entries.get(said);
    if (known) return known;
    const entry = make(said);
    this.#entries.set(said, entry);
    return entry;
  }

  #row(entry: Entry, place: Pick<Row, Place>): Row {
    const known = this.#rows.get(entry);
    if (known && isSame(known, place)) return known;
    const row = { ...entry, ...place };
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
    entry.at - before.at < TOGETHER
  );
}

function isSame(row: Row, place: Pick<Row, Place>): boolean {
  return (
    row.opensDay === place.opensDay &&
    row.isFirstNew === place.isFirstNew &&
    row.opensGroup === place.opensGroup &&
    row.closesGroup === place.closesGroup
  );
}
