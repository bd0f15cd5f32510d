/** Decides when to request what pushes may not have brought: messages, members, the user's role. */

/** Milliseconds from the last activity to the first request. Each pause after it is twice as long. */
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 240_000;

/** Milliseconds until a member list is requested that contradicts its count. */
const MEMBERS_DELAY = 1_500;

/** The data to request of one room. */
export class RoomSync {
  /** Whether history may have messages that are not shown. */
  needsHistory = false;
  needsMembers = false;
  /** Whether the role of this user is unknown, because the member list was incomplete. */
  needsRole = false;
  #membersAt = Infinity;
  #syncAt = Infinity;
  #syncedAt = 0;
  #pause = FIRST_PAUSE;

  /** The time has come to *now*: set what is needed. */
  wake(now: number, gapDeadline: number): void {
    if (now >= gapDeadline) this.needsHistory = true;
    if (now >= this.#membersAt) this.needsMembers = true;
    if (now >= this.#syncAt) this.#sync(now);
    if (this.needsMembers) this.#membersAt = Infinity;
  }

  /** Return when `wake` has something to do. */
  nextWakeAt(gapDeadline: number): number {
    const historyAt = this.needsHistory ? Infinity : gapDeadline;
    return Math.min(historyAt, this.#membersAt, this.#syncAt);
  }

  /** Sync now, unless the last sync is recent: users look at their pages often. */
  syncNow(now: number): void {
    if (now < this.#syncedAt + FIRST_PAUSE) return;
    this.#pause = FIRST_PAUSE;
    this.#syncAt = now;
  }

  /** The room was joined, so everything is known. */
  onJoined(now: number): void {
    this.#syncedAt = now;
    this.onActivity(now);
  }

  /** A message arrived, and the push of the next message may be lost. */
  onActivity(now: number): void {
    this.#pause = FIRST_PAUSE;
    this.#syncAt = now + this.#pause;
  }

  /** The member list contradicts its count. */
  onContradiction(now: number): void {
    this.#membersAt = now + MEMBERS_DELAY;
  }

  /** The complete member list is there. */
  onMembers(): void {
    this.needsMembers = false;
    this.#membersAt = Infinity;
  }

  /** The connection has left the room: request nothing until it joins again. */
  stop(): void {
    this.needsHistory = this.needsMembers = this.needsRole = false;
    this.#membersAt = this.#syncAt = Infinity;
  }

  #sync(now: number): void {
    this.needsHistory = true;
    if (this.#pause >= LONGEST_PAUSE) this.needsMembers = true;
    this.#syncedAt = now;
    this.#syncAt = now + this.#pause;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }
}
