/** The messages that this user sent in one room and that the room does not show yet. */

import type { Outgoing } from "../api.ts";
import { ChatError } from "../errors.ts";
import type { Timeline } from "./timeline.ts";

/** Milliseconds in which the server recognizes a repeated message; the server promises 24 hours. */
export const RESEND_TIMEOUT = 23 * 3_600_000;

export class Outbox {
  /** In the order of sending. Replaced on change. */
  entries: readonly Outgoing[] = [];
  readonly #seqs = new Map<string, number>();

  get pending(): readonly Outgoing[] {
    return this.entries.filter((entry) => entry.state === "pending");
  }

  /** When the oldest pending message expires. */
  get expiresAt(): number {
    return Math.min(...this.pending.map((entry) => entry.at + RESEND_TIMEOUT));
  }

  add(clientMessageId: string, text: string, at: number): Outgoing {
    const entry: Outgoing = { clientMessageId, text, state: "pending", at };
    this.entries = [...this.entries, entry];
    return entry;
  }

  /** Add the messages of an earlier visit. The server recognizes those that it had acknowledged. */
  restore(entries: readonly Outgoing[]): void {
    const known = new Set(this.entries.map(({ clientMessageId }) => clientMessageId));
    const restored = entries
      .filter(({ clientMessageId }) => !known.has(clientMessageId))
      .map(({ clientMessageId, text, at, state }): Outgoing => {
        return { clientMessageId, text, at, state: state === "failed" ? "failed" : "pending" };
      });
    this.entries = [...restored, ...this.entries];
  }

  /** Mark a message as sent: it is in the log at *seq*. */
  acknowledge(clientMessageId: string, seq: number, timeline: Timeline): void {
    if (!this.entries.some((entry) => entry.clientMessageId === clientMessageId)) return;
    this.#seqs.set(clientMessageId, seq);
    this.#change(clientMessageId, { state: "sent" });
    this.removeShown(timeline);
  }

  /** Remove the messages up to the timeline's cursor: the room shows them, or they were deleted. */
  removeShown(timeline: Timeline, userId?: string): void {
    for (const { clientMessageId, state } of this.entries) {
      const found = userId && state !== "sent" && timeline.find(userId, clientMessageId)?.seq;
      const seq = this.#seqs.get(clientMessageId) ?? found;
      if (seq && seq <= timeline.cursor) this.remove(clientMessageId);
    }
  }

  /** Remove acknowledged messages: another room has the id now, and it will not show them. */
  removeSent(): void {
    this.entries = this.entries.filter((entry) => entry.state !== "sent");
    this.#seqs.clear();
  }

  /** Say why a message has to wait. */
  delay(clientMessageId: string, error: ChatError): void {
    this.#change(clientMessageId, { error });
  }

  fail(clientMessageId: string, error: ChatError): void {
    this.#change(clientMessageId, { state: "failed", error });
  }

  failAll(error: ChatError): void {
    for (const entry of this.pending) this.fail(entry.clientMessageId, error);
  }

  retry(clientMessageId: string, at: number): void {
    this.#change(clientMessageId, { state: "pending", at }, "failed");
  }

  /** Fail the messages that the server would no longer recognize as repeated. */
  expire(now: number): void {
    for (const entry of this.pending) {
      if (now >= entry.at + RESEND_TIMEOUT) {
        this.fail(entry.clientMessageId, new ChatError("timeout", "too old to be sent again"));
      }
    }
  }

  remove(clientMessageId: string): void {
    this.#seqs.delete(clientMessageId);
    this.entries = this.entries.filter((entry) => entry.clientMessageId !== clientMessageId);
  }

  /** Change a message, which loses its error; only if it is in the state *from*, if there is one. */
  #change(id: string, change: Partial<Outgoing>, from?: Outgoing["state"]): void {
    this.entries = this.entries.map((entry) => {
      if (entry.clientMessageId !== id || entry.state !== (from ?? entry.state)) return entry;
      const { clientMessageId, text, state, at } = entry;
      return { clientMessageId, text, state, at, ...change };
    });
  }
}
