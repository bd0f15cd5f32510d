/** One connection: the rooms that it has joined, and the one request that awaits its reply. */

import type { DisconnectReason, Outgoing } from "../api.ts";
import type { Renewed, Request } from "../protocol/parse.ts";
import type { Welcome } from "../protocol/types.ts";
import type { Call } from "../requests/calls.ts";
import type { LiveRoom } from "../room/room.ts";

/** Milliseconds until a reply is overdue: API Gateway ends an integration after 29 seconds. */
const REPLY_TIMEOUT = 35_000;
/** Milliseconds until a reply is overdue if the connection may be dead. */
const CHECK_TIMEOUT = 5_000;
const OPEN_TIMEOUT = 15_000;
/** Milliseconds without a request until a ping. API Gateway closes after 10 idle minutes. */
const PING_AFTER = 240_000;
/** The longest time between the replacement of a connection and its end; or a tenth of its life. */
const REPLACE_BEFORE = 5 * 60_000;

/** A request to send, and what it is for. */
export interface NextRequest {
  readonly frame: Request;
  readonly room?: LiveRoom;
  readonly entry?: Outgoing;
  readonly call?: Call;
}

/** A request that awaits its reply. */
export interface PendingRequest extends NextRequest {
  readonly requestId: string;
  /** The generation of the room's timeline that the request was about. */
  readonly generation: number | undefined;
  deadline: number;
}

/**
 * The renewal of a connection's token: not due, waiting for a token, impossible, or a token to send.
 *
 * A connection that cannot be renewed is replaced in time, like the connection of a guest.
 */
export type TokenRenewal = "possible" | "waiting" | "impossible" | { readonly token: string };

/** The state of a connection. The shell opens a socket for each connection that the client wants. */
export class Connection {
  isOpen = false;
  isWelcomed = false;
  /** Whether the handshake was rejected by something that answers at the chat's address. */
  isRejected = false;
  /** Whether to send a ping at once: the connection may be dead. */
  mustCheck = false;
  pending: PendingRequest | undefined;
  /** Nothing is sent before this time. */
  pausedUntil = 0;
  failures = 0;
  replaceAt = Infinity;
  renewAt = Infinity;
  renewal: TokenRenewal;
  welcomedAt = Infinity;
  /** Milliseconds that the server's clock is ahead of the local clock. */
  clockOffset = 0;
  /** The ids of the rooms that this connection has joined. */
  readonly joined = new Set<string>();
  #openDeadline: number;
  #sentAt = 0;
  #expiresAt = 0;

  constructor(now: number, renewal: TokenRenewal) {
    this.renewal = renewal;
    this.#openDeadline = now + OPEN_TIMEOUT;
  }

  /** The reason to report if the connection is lost now. */
  get disconnectReason(): DisconnectReason {
    return this.isWelcomed ? "lost" : this.isRejected ? "rejected" : "unreachable";
  }

  onOpen(now: number): void {
    this.isOpen = true;
    this.#sentAt = now;
  }

  onWelcome(welcome: Welcome, now: number, random: number): void {
    this.isWelcomed = true;
    this.welcomedAt = now;
    this.clockOffset = Date.parse(welcome.serverTime) - now;
    this.#schedule(Date.parse(welcome.expiresAt), now, random);
  }

  /** A new token extends the connection, but not beyond the maximum life of a connection. */
  onRenewed({ expiresAt }: Renewed, now: number, random: number): void {
    const end = Date.parse(expiresAt);
    this.renewal = end > this.#expiresAt ? "possible" : "impossible";
    if (this.renewal === "possible") this.#schedule(end, now, random);
  }

  isDead(now: number): boolean {
    return now >= (this.isOpen ? (this.pending?.deadline ?? Infinity) : this.#openDeadline);
  }

  /** Find out soon whether the connection works: the device slept, or its network changed. */
  checkSoon(now: number): void {
    this.mustCheck = true;
    this.#openDeadline = Math.min(this.#openDeadline, now + CHECK_TIMEOUT);
    if (this.pending) this.pending.deadline = Math.min(this.pending.deadline, now + CHECK_TIMEOUT);
  }

  maySend(now: number): boolean {
    return this.isOpen && !this.pending && now >= this.pausedUntil;
  }

  isPingDue(now: number): boolean {
    return this.mustCheck || now >= this.#sentAt + PING_AFTER;
  }

  onSent(request: NextRequest, requestId: string, now: number): void {
    const deadline = now + (this.mustCheck ? CHECK_TIMEOUT : REPLY_TIMEOUT);
    const generation = request.room?.timeline.generation;
    this.pending = { ...request, requestId, deadline, generation };
    this.#sentAt = now;
    this.mustCheck = false;
  }

  /** Return when something is due here. */
  nextWakeAt(now: number): number {
    if (!this.isOpen) return this.#openDeadline;
    if (this.pending) return this.pending.deadline;
    return this.pausedUntil > now ? this.pausedUntil : this.#sentAt + PING_AFTER;
  }

  /** Schedule the end: at random times, because many clients may have connected at once. */
  #schedule(end: number, now: number, random: number): void {
    const life = end - this.clockOffset - now;
    const before = Math.min(REPLACE_BEFORE, life / 10);
    this.#expiresAt = end;
    this.replaceAt = now + life - before * (1 + random);
    this.renewAt = this.replaceAt;
  }
}
