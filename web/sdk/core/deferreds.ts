/** Promises of what a later frame brings, each with a time-out. */

import { ChatError } from "../errors.ts";

/** Milliseconds for a wish to come true, a reconnect included. */
export const FULFILLED_WITHIN = 40_000;

interface Waiter {
  readonly deadline: number;
  resolve(): void;
  reject(error: ChatError): void;
}

/** Everyone who waits for the same thing. */
export class Waiters {
  #waiters: Waiter[] = [];

  get deadline(): number {
    return Math.min(...this.#waiters.map((waiter) => waiter.deadline));
  }

  get isEmpty(): boolean {
    return this.#waiters.length === 0;
  }

  add(now: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ deadline: now + FULFILLED_WITHIN, resolve, reject });
    });
  }

  resolve(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.resolve();
  }

  reject(error: ChatError): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }

  /** Reject those who have waited too long; true when nobody is left of some. */
  expire(now: number): boolean {
    const late = this.#waiters.filter((waiter) => now >= waiter.deadline);
    this.#waiters = this.#waiters.filter((waiter) => now < waiter.deadline);
    for (const waiter of late) waiter.reject(new ChatError("timeout", "no answer in time"));
    return late.length > 0 && this.isEmpty;
  }
}
