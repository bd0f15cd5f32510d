/** What one person has said in one room and does not see there yet. */

import type { Outgoing } from "../api.ts";
import { ChatError } from "../errors.ts";
import type { View } from "./timeline.ts";

/** Milliseconds in which a resent message is surely recognized: the server says a day. */
export const SAME_MESSAGE_FOR = 23 * 3_600_000;

export class Outbox {
  /** In the order it was said; replaced on change. */
  entries: readonly Outgoing[] = [];
  readonly #seqs = new Map<string, number>();

  get pending(): readonly Outgoing[] {
    return this.entries.filter((entry) => entry.state === "pending");
  }

  /** When the oldest message is given up. */
  get givesUpAt(): number {
    return Math.min(...this.pending.map((entry) => entry.at + SAME_MESSAGE_FOR));
  }

  add(clientMessageId: string, text: string, at: number): Outgoing {
    const entry: Outgoing = { clientMessageId, text, state: "pending", at };
    this.entries = [...this.entries, entry];
    return entry;
  }

  /** Take up what an earlier visit has left: what was acknowledged then is recognized by the server. */
  restore(entries: readonly Outgoing[]): void {
    const known = new Set(this.entries.map(({ clientMessageId }) => clientMessageId));
    const left = entries
      .filter(({ clientMessageId }) => !known.has(clientMessageId))
      .map(({ clientMessageId, text, at, state }): Outgoing => {
        return { clientMessageId, text, at, state: state === "failed" ? "failed" : "pending" };
      });
    this.entries = [...left, ...this.entries];
  }

  /** The message is in the log, at this place. */
  acknowledge(clientMessageId: string, seq: number, view: View): void {
    if (!this.entries.some((entry) => entry.clientMessageId === clientMessageId)) return;
    this.#seqs.set(clientMessageId, seq);
    this.#replace(clientMessageId, ({ text, at }) => ({
      clientMessageId,
      text,
      at,
      state: "sent",
    }));
    this.settle(view);
  }

  /** Drop what is shown, or stands where it would have been shown. */
  settle(view: View, userId?: string): void {
    for (const { clientMessageId, state } of this.entries) {
      const seen = userId && state !== "sent" && view.find(userId, clientMessageId)?.seq;
      const seq = this.#seqs.get(clientMessageId) ?? seen;
      if (seq && seq <= view.cursor) this.drop(clientMessageId);
    }
  }

  /** The room is another one: what the old one acknowledged will not be shown. */
  forget(): void {
    this.entries = this.entries.filter((entry) => entry.state !== "sent");
    this.#seqs.clear();
  }

  /** It has to wait, and will be sent again. */
  defer(clientMessageId: string, error: ChatError): void {
    this.#replace(clientMessageId, (entry) => ({ ...entry, error }));
  }

  fail(clientMessageId: string, error: ChatError): void {
    this.#replace(clientMessageId, ({ text, at }) => ({
      clientMessageId,
      text,
      at,
      state: "failed",
      error,
    }));
  }

  failAll(error: ChatError): void {
    for (const entry of this.pending) this.fail(entry.clientMessageId, error);
  }

  retry(clientMessageId: string, at: number): void {
    this.#replace(clientMessageId, ({ text, state, ...entry }) =>
      state === "failed"
        ? { clientMessageId, text, state: "pending", at }
        : { text, state, ...entry },
    );
  }

  /** Fail what the server would no longer recognize as a repetition. */
  giveUp(now: number): void {
    for (const entry of this.pending) {
      if (now >= entry.at + SAME_MESSAGE_FOR) {
        this.fail(entry.clientMessageId, new ChatError("timeout", "too old to be sent again"));
      }
    }
  }

  drop(clientMessageId: string): void {
    this.#seqs.delete(clientMessageId);
    this.entries = this.entries.filter((entry) => entry.clientMessageId !== clientMessageId);
  }

  #replace(clientMessageId: string, change: (entry: Outgoing) => Outgoing): void {
    this.entries = this.entries.map((entry) =>
      entry.clientMessageId === clientMessageId ? change(entry) : entry,
    );
  }
}
