/** When to replace a lost connection: after growing pauses, and not during the server's cooldown. */

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 20_000;
/**
 * Milliseconds of rejected handshakes in a row until they count as intended.
 *
 * An overloaded gateway, and an authorizer without keys, reject everyone for half a minute.
 */
const REJECTED_AFTER = 45_000;
/** The shortest pause after that. The longest is twice as long. */
const REJECTED_PAUSE = 30_000;

/**
 * Return how long to wait before the next attempt, in milliseconds.
 *
 * Exponential backoff with full jitter, so that many clients do not return at the same moment.
 */
export function backoff(failures: number, longest: number, random: number): number {
  return random * Math.min(longest, FIRST_PAUSE * 2 ** failures);
}

export class ReconnectSchedule {
  /** When the next attempt is due. */
  at = 0;
  /** Failed attempts in a row. */
  failures = 0;
  /** Whether handshakes have been rejected for so long that this is intended. */
  isRejected = false;
  #rejectedSince: number | undefined;
  #cooldownUntil = 0;

  /** Schedule the next attempt after a lost connection, or after a handshake that failed. */
  onFailure(now: number, random: number, wasRejected: boolean): void {
    this.#rejectedSince = wasRejected ? (this.#rejectedSince ?? now) : undefined;
    this.isRejected = now - (this.#rejectedSince ?? now) >= REJECTED_AFTER;
    const pause = this.isRejected
      ? REJECTED_PAUSE * (1 + random)
      : backoff(this.failures, LONGEST_PAUSE, random);
    this.at = Math.max(now, this.#cooldownUntil) + pause;
    this.failures += 1;
  }

  /** Schedule the next attempt for now, or for the end of the cooldown. */
  retryNow(now: number): void {
    this.at = Math.min(this.at, Math.max(now, this.#cooldownUntil));
  }

  /** The server accepts no connection of this user for so many milliseconds. */
  startCooldown(now: number, milliseconds: number): void {
    this.#cooldownUntil = now + milliseconds;
  }

  isCoolingDown(now: number): boolean {
    return now < this.#cooldownUntil;
  }
}
