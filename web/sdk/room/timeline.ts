/** The messages of one room: in order, without duplicates, and without unexplained gaps. */

import type { Message } from "../protocol/types.ts";

/** Milliseconds that a missing seq may take to arrive before history is requested. */
export const GAP_TIMEOUT = 1_000;

/** Deletions that are remembered until the connection ends. */
const MAX_TOMBSTONES = 1_000;

/** Orders messages by seq. Messages above a gap are held back until history closes the gap. */
export class Timeline {
  /** The epoch of the room whose messages are shown; undefined before the first join. */
  epoch: string | undefined;
  /** Increases with each reset. Replies to requests of an earlier generation are ignored. */
  generation = 0;
  /** The last seq that is shown. Every message from `start` to here is shown, or does not exist. */
  cursor = 0;
  start = 0;
  hasOlder = false;
  #shown: Message[] = [];
  #snapshot: readonly Message[] | undefined;
  readonly #waiting = new Map<number, Message>();
  /** Deleted messages by seq: the event may arrive before the message does. */
  readonly #tombstones = new Map<number, Message>();
  #gapSince: number | undefined;

  get messages(): readonly Message[] {
    return (this.#snapshot ??= [...this.#shown]);
  }

  /** When to request history for the gap; Infinity without a gap. */
  get gapDeadline(): number {
    return this.#gapSince === undefined ? Infinity : this.#gapSince + GAP_TIMEOUT;
  }

  /** Start again with the latest page. */
  reset(epoch: string, page: readonly Message[], hasOlder: boolean, now: number): void {
    this.epoch = epoch;
    this.generation += 1;
    this.cursor = 0;
    this.start = hasOlder ? (page[0]?.seq ?? 0) : 0;
    this.hasOlder = hasOlder;
    this.#shown = [];
    this.#snapshot = undefined;
    this.append(page, now);
  }

  /** Add a message that was pushed or acknowledged. */
  add(message: Message, now: number): void {
    this.#waiting.set(message.seq, message);
    this.#flush(now);
  }

  /** Replace a message by its tombstone, whether or not it has arrived yet. */
  replace(tombstone: Message, now: number): void {
    this.#tombstones.delete(tombstone.seq);
    this.#tombstones.set(tombstone.seq, tombstone);
    if (this.#tombstones.size > MAX_TOMBSTONES) {
      // A map keeps the order of insertion: its first key is the oldest.
      this.#tombstones.delete(this.#tombstones.keys().next().value ?? 0);
    }
    if (tombstone.seq > this.cursor) this.add(tombstone, now);
    else this.#change(tombstone.seq, () => tombstone);
  }

  /** Clear the texts of messages that were deleted while this client was away. */
  clearTexts(seqs: readonly number[]): void {
    for (const seq of seqs) {
      this.#change(seq, (message) => (message.text === "" ? message : { ...message, text: "" }));
    }
  }

  /** Add a page of history that continues at the cursor. Seqs that it leaves out do not exist. */
  append(page: readonly Message[], now: number): void {
    for (const message of page) {
      if (message.seq > this.cursor) this.#show(message);
    }
    this.#gapSince = undefined;
    this.#flush(now);
  }

  /** Put a page of older messages before the messages that are shown. */
  prepend(page: readonly Message[], hasOlder: boolean): void {
    this.#shown = [...page.map((message) => this.#latest(message)), ...this.#shown];
    this.#snapshot = undefined;
    this.start = hasOlder ? (page[0]?.seq ?? this.start) : 0;
    this.hasOlder = hasOlder;
  }

  /** Drop what waits above a gap: after a disconnect, history has it. */
  dropWaiting(): void {
    this.#waiting.clear();
    this.#tombstones.clear();
    this.#gapSince = undefined;
  }

  /** Return the message of this user with this id, shown or waiting. */
  find(userId: string, clientMessageId: string): Message | undefined {
    const isIt = (message: Message): boolean =>
      message.clientMessageId === clientMessageId && message.sender.userId === userId;
    return this.#shown.findLast(isIt) ?? [...this.#waiting.values()].find(isIt);
  }

  #flush(now: number): void {
    if (this.epoch === undefined) return;
    for (const seq of this.#waiting.keys()) {
      if (seq <= this.cursor) this.#waiting.delete(seq);
    }
    for (let next; (next = this.#waiting.get(this.cursor + 1));) {
      this.#waiting.delete(next.seq);
      this.#show(next);
    }
    this.#gapSince = this.#waiting.size === 0 ? undefined : (this.#gapSince ?? now);
  }

  #latest(message: Message): Message {
    return this.#tombstones.get(message.seq) ?? message;
  }

  #change(seq: number, change: (message: Message) => Message): void {
    const index = this.#shown.findLastIndex((message) => message.seq === seq);
    const message = this.#shown[index];
    if (!message) return;
    this.#shown[index] = change(message);
    this.#snapshot = undefined;
  }

  #show(message: Message): void {
    this.#shown.push(this.#latest(message));
    this.#snapshot = undefined;
    this.cursor = message.seq;
  }
}
