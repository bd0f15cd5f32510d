/** Promises that a later frame settles, each with a deadline. */

import { ChatError } from "../errors.ts";

/** Milliseconds until a promise is rejected, which is long enough for a reconnect. */
export const CALL_TIMEOUT = 40_000;

interface Deferred {
  readonly deadline: number;
  resolve(): void;
  reject(error: ChatError): void;
}

/** The promises of all callers that wait for the same thing. */
export class Deferreds {
  #pending: Deferred[] = [];

  get deadline(): number {
    return Math.min(...this.#pending.map((deferred) => deferred.deadline));
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  add(now: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ deadline: now + CALL_TIMEOUT, resolve, reject });
    });
  }

  resolve(): void {
    for (const deferred of this.#pending.splice(0)) deferred.resolve();
  }

  reject(error: ChatError): void {
    for (const deferred of this.#pending.splice(0)) deferred.reject(error);
  }

  /** Reject the promises whose deadline has passed. Return true if that leaves none of them. */
  expire(now: number): boolean {
    const late = this.#pending.filter((deferred) => now >= deferred.deadline);
    this.#pending = this.#pending.filter((deferred) => now < deferred.deadline);
    for (const deferred of late) deferred.reject(new ChatError("timeout", "no answer in time"));
    return late.length > 0 && this.isEmpty;
  }
}
