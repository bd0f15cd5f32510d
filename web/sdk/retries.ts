/** When a lost connection is replaced: later each time, and not before the server lets its user back. */

import { pause } from "./backoff.ts";

const LONGEST = 20_000;

export class Retries {
  /** When the next one is due. */
  at = 0;
  #failures = 0;
  #restsUntil = 0;

  /** One more connection was lost, or could not be had. */
  add(now: number, random: number): void {
    this.at = Math.max(now + pause(this.#failures, LONGEST, random), this.#restsUntil);
    this.#failures += 1;
  }

  /** What was lost had held for long. */
  forget(): void {
    this.#failures = 0;
  }

  /** Try as soon as may be. */
  hurry(now: number): void {
    this.at = Math.min(this.at, Math.max(now, this.#restsUntil));
  }

  /** The server has told this user to stay away. */
  rest(now: number, milliseconds: number): void {
    this.#restsUntil = now + milliseconds;
  }

  isResting(now: number): boolean {
    return now < this.#restsUntil;
  }
}
