/** When a lost connection is replaced: later each time, and not before the server lets its user back. */

import { pause } from "./backoff.ts";

const LONGEST = 20_000;
/**
 * Milliseconds of nothing but refusals until they are meant: a gateway that is overloaded, and an
 * authorizer that has no keys, refuse everybody for half a minute.
 */
const MEANT_AFTER = 45_000;
/** The shortest pause after that; the longest is twice as long. */
const RARELY = 30_000;

export class Retries {
  /** When the next one is due. */
  at = 0;
  /** In a row. */
  failures = 0;
  /** Whether handshakes have been refused for so long that it is no passing trouble. */
  isRefused = false;
  #refusedSince: number | undefined;
  #restsUntil = 0;

  /** One more connection was lost, or could not be had; or one was not let in. */
  add(now: number, random: number, wasRefused: boolean): void {
    this.#refusedSince = wasRefused ? (this.#refusedSince ?? now) : undefined;
    this.isRefused = now - (this.#refusedSince ?? now) >= MEANT_AFTER;
    const after = this.isRefused ? RARELY * (1 + random) : pause(this.failures, LONGEST, random);
    this.at = Math.max(now, this.#restsUntil) + after;
    this.failures += 1;
  }

  /** What was lost had held for long. */
  forget(): void {
    this.failures = 0;
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
