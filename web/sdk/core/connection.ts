/** One connection: what it is in, and the one request that is under way on it. */

import type { DisconnectReason, Outgoing } from "../api.ts";
import type { Errand } from "./calls.ts";
import type { Renewed, Request } from "../protocol/parse.ts";
import type { Place } from "../room/room.ts";
import type { Renewal } from "./token-renewal.ts";
import type { Welcome } from "../protocol/types.ts";

/** Milliseconds until an answer: API Gateway ends an integration after 29 seconds. */
export const ANSWERED_WITHIN = 35_000;
/** Milliseconds until an answer when the connection is suspected to be dead. */
export const PROBED_WITHIN = 5_000;
const OPENS_WITHIN = 15_000;
/** Milliseconds without a frame of ours until a ping; API Gateway closes after 10 minutes. */
const PINGS_AFTER = 240_000;
/** The time before its end at which a connection is replaced: at most this, and a tenth of its life. */
const HANDS_OVER_BEFORE = 5 * 60_000;

export interface Wish {
  readonly frame: Request;
  readonly place?: Place;
  readonly entry?: Outgoing;
  readonly errand?: Errand;
}

export interface Asked extends Wish {
  readonly requestId: string;
  /** Which beginning of the view the question was about. */
  readonly generation: number | undefined;
  deadline: number;
}

/** The sockets' side is the shell's: it opens one for each line that the client wants. */
export class Line {
  isOpen = false;
  isWelcomed = false;
  /** Whoever answers there did not let it in. */
  isRefused = false;
  /** Whether its next answer must come quickly. */
  isSuspect = false;
  asked: Asked | undefined;
  /** Nothing is to be asked before. */
  notBefore = 0;
  failures = 0;
  handsOverAt = Infinity;
  renewsAt = Infinity;
  renewal: Renewal;
  welcomedAt = Infinity;
  /** The ids of the rooms it has joined. */
  readonly inside = new Set<string>();
  #opensUntil: number;
  #sentAt = 0;
  #expiresAt = 0;
  /** Milliseconds that the server's clock is ahead. */
  ahead = 0;

  constructor(now: number, renewal: Renewal) {
    this.renewal = renewal;
    this.#opensUntil = now + OPENS_WITHIN;
  }

  opened(now: number): void {
    this.isOpen = true;
    this.#sentAt = now;
  }

  welcomed(welcome: Welcome, now: number, random: number): void {
    this.isWelcomed = true;
    this.welcomedAt = now;
    this.ahead = Date.parse(welcome.serverTime) - now;
    this.#livesUntil(Date.parse(welcome.expiresAt), now, random);
  }

  /** Another token lets it go on; not beyond what a connection lives, and then it is replaced. */
  renewed({ expiresAt }: Renewed, now: number, random: number): void {
    const end = Date.parse(expiresAt);
    this.renewal = end > this.#expiresAt ? "possible" : "spent";
    if (this.renewal === "possible") this.#livesUntil(end, now, random);
  }

  /** What there is to say if it is lost now. */
  get lostBy(): DisconnectReason {
    return this.isWelcomed ? "lost" : this.isRefused ? "rejected" : "unreachable";
  }

  isDead(now: number): boolean {
    return now >= (this.isOpen ? (this.asked?.deadline ?? Infinity) : this.#opensUntil);
  }

  /** The machine slept, or its network changed: find out whether this still works. */
  suspect(now: number): void {
    this.isSuspect = true;
    this.#opensUntil = Math.min(this.#opensUntil, now + PROBED_WITHIN);
    if (this.asked) this.asked.deadline = Math.min(this.asked.deadline, now + PROBED_WITHIN);
  }

  mayAsk(now: number): boolean {
    return this.isOpen && !this.asked && now >= this.notBefore;
  }

  isPingDue(now: number): boolean {
    return this.isSuspect || now >= this.#sentAt + PINGS_AFTER;
  }

  ask(wish: Wish, requestId: string, now: number): void {
    const deadline = now + (this.isSuspect ? PROBED_WITHIN : ANSWERED_WITHIN);
    this.asked = { ...wish, requestId, deadline, generation: wish.place?.view.generation };
    this.#sentAt = now;
    this.isSuspect = false;
  }

  #livesUntil(end: number, now: number, random: number): void {
    const life = end - this.ahead - now;
    const before = Math.min(HANDS_OVER_BEFORE, life / 10);
    this.#expiresAt = end;
    // Not everyone at once, after everyone came back at once.
    this.handsOverAt = now + life - before * (1 + random);
    this.renewsAt = this.handsOverAt;
  }

  /** When to look again, at the latest. */
  wakes(now: number): number {
    if (!this.isOpen) return this.#opensUntil;
    if (this.asked) return this.asked.deadline;
    return this.notBefore > now ? this.notBefore : this.#sentAt + PINGS_AFTER;
  }
}
