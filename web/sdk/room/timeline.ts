/** One room's messages: in order, once, and with no gap that history has not settled. */

import type { Message } from "../protocol/types.ts";

/** Milliseconds that a missing seq may take before history is asked. */
export const PATIENCE = 1_000;

/** Deletions that are remembered until a connection ends. */
const MOST_LEFT = 1_000;

/** Sorts what comes by seq; what is above a gap waits. */
export class View {
  /** Which life of the room is shown; undefined before anything is. */
  epoch: string | undefined;
  /** Rises when the view begins anew: an answer to an earlier question is then no answer. */
  generation = 0;
  /** The last seq shown: everything from `start` up to it is either shown or never was. */
  cursor = 0;
  start = 0;
  hasOlder = false;
  #shown: Message[] = [];
  #snapshot: readonly Message[] | undefined;
  readonly #waiting = new Map<number, Message>();
  /** What is left of deleted messages, by seq: the event may come before the message does. */
  readonly #left = new Map<number, Message>();
  #gapSince: number | undefined;

  get messages(): readonly Message[] {
    return (this.#snapshot ??= [...this.#shown]);
  }

  /** When to ask history about the gap. */
  get gapEnds(): number {
    return this.#gapSince === undefined ? Infinity : this.#gapSince + PATIENCE;
  }

  /** Begin anew with the latest page. */
  open(epoch: string, page: readonly Message[], hasOlder: boolean, now: number): void {
    this.epoch = epoch;
    this.generation += 1;
    this.cursor = 0;
    this.start = hasOlder ? (page[0]?.seq ?? 0) : 0;
    this.hasOlder = hasOlder;
    this.#shown = [];
    this.#snapshot = undefined;
    this.settle(page, now);
  }

  /** Take a message that was pushed or acknowledged. */
  offer(message: Message, now: number): void {
    this.#waiting.set(message.seq, message);
    this.#flush(now);
  }

  /** A message was deleted: what is left of it takes its place, shown or not. */
  replace(message: Message, now: number): void {
    this.#left.delete(message.seq);
    this.#left.set(message.seq, message);
    // In the order of a map, the first is the oldest.
    if (this.#left.size > MOST_LEFT) this.#left.delete(this.#left.keys().next().value ?? 0);
    if (message.seq > this.cursor) this.offer(message, now);
    else this.#amend(message.seq, () => message);
  }

  /** Messages were deleted while nobody told: forget their texts. */
  erase(seqs: readonly number[]): void {
    for (const seq of seqs) {
      this.#amend(seq, (message) => (message.text === "" ? message : { ...message, text: "" }));
    }
  }

  /** Take a page of history that continues from the cursor or before it: what it leaves out never was. */
  settle(page: readonly Message[], now: number): void {
    for (const message of page) {
      if (message.seq > this.cursor) this.#show(message);
    }
    this.#gapSince = undefined;
    this.#flush(now);
  }

  /** Put an older page before what is shown. */
  extend(page: readonly Message[], hasOlder: boolean): void {
    this.#shown = [...page.map((message) => this.#latest(message)), ...this.#shown];
    this.#snapshot = undefined;
    this.start = hasOlder ? (page[0]?.seq ?? this.start) : 0;
    this.hasOlder = hasOlder;
  }

  /** The connection is gone: what waits will be in the history that is asked next. */
  cut(): void {
    this.#waiting.clear();
    this.#left.clear();
    this.#gapSince = undefined;
  }

  /** What is shown or waits and was sent under this id by this user. */
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
    return this.#left.get(message.seq) ?? message;
  }

  #amend(seq: number, change: (message: Message) => Message): void {
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
