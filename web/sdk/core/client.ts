/**
 * The client's half of the protocol, without sockets and without a clock.
 *
 * A shell reports what happened and when. The client decides which connections to open and which
 * frames to send. Each connection sends one request at a time. The first reason is that the gateway's
 * own errors name no request. The second is that the messages of a sender must keep their order.
 */

import { ChatError } from "../errors.ts";
import { parse, type Frame, type Request } from "../protocol/parse.ts";
import type { AnyEvent } from "../protocol/types.ts";
import type { LiveRoom } from "../room/room.ts";
import { Connection } from "./connection.ts";
import { nextRequests } from "./next-request.ts";
import { applyEvent, isEvent } from "./on-event.ts";
import { applyReply } from "./on-reply.ts";
import type { ClientState } from "./state.ts";
import { renewWhenDue } from "./token-renewal.ts";

export class Client {
  readonly #state: ClientState;
  readonly #token: (() => Promise<string | undefined>) | undefined;

  /** *token* returns a new token; undefined for guests. */
  constructor(state: ClientState, token?: () => Promise<string | undefined>) {
    this.#state = state;
    this.#token = token;
  }

  /** Find out soon whether all is well: the device slept, the network changed, or the page is seen. */
  checkSoon(now: number): void {
    const state = this.#state;
    state.reconnect.retryNow(now);
    state.isSignedOut = false;
    for (const connection of state.connections) connection.checkSoon(now);
    for (const room of state.rooms.values()) if (state.hasJoined(room)) room.sync.syncNow(now);
  }

  stop(): void {
    this.#state.isRunning = false;
    this.#state.next = undefined;
    this.#state.useNext();
  }

  /** Do what is due. */
  wake(now: number): void {
    const state = this.#state;
    for (const connection of state.connections) {
      if (connection.isDead(now)) state.disconnected(connection, now);
    }
    if (this.#isNextReady()) state.useNext();
    if (this.#mayOpen && !state.current && now >= state.reconnect.at) {
      state.current = this.#newConnection(now);
    }
    if (now >= this.#nextAt) state.next = this.#newConnection(now);
    this.#renew(now);
    state.calls.expire(now);
    for (const room of state.rooms.values()) this.#wakeRoom(room, now);
  }

  /** Return the request to send on *connection* now, if there is one. */
  nextFrame(connection: Connection, now: number): Request | undefined {
    if (!connection.maySend(now)) return undefined;
    const [next] = nextRequests(this.#state, connection, now);
    if (!next) return undefined;
    const { frame, room } = next;
    if (room?.phase.kind === "creating" && frame.action === "createRoom") room.phase.attempts += 1;
    const requestId = this.#state.newId(12);
    connection.onSent(next, requestId, now);
    return { ...frame, requestId };
  }

  received(connection: Connection, text: string, now: number): void {
    const frame = parse(text);
    if (!frame || !this.#state.connections.includes(connection)) return;
    const { pending } = connection;
    if (pending && isReply(frame, pending.requestId)) {
      connection.pending = undefined;
      applyReply(this.#state, connection, pending, frame, now);
    } else if (isEvent(frame)) {
      applyEvent(this.#state, connection, frame, now);
    } else if (frame.type === "error" && frame.requestId === undefined) {
      // It answers no request: the server disconnects this user, who sent too much on some connection.
      this.#state.reconnect.startCooldown(now, frame.retryAfterMs ?? 0);
    }
  }

  /** Return when `wake` has something to do, unless something else happens before. */
  nextWakeAt(now: number): number {
    const state = this.#state;
    const times = state.connections.map((connection) => connection.nextWakeAt(now));
    if (this.#mayOpen && !state.current) times.push(state.reconnect.at);
    times.push(this.#nextAt, this.#renewAt, state.calls.deadline);
    for (const room of state.rooms.values()) {
      if (state.hasJoined(room)) {
        const unmutedAt = room.mutedUntil ?? Infinity;
        times.push(room.sync.nextWakeAt(room.timeline.gapDeadline), unmutedAt);
      }
      if (state.isRunning) times.push(room.outbox.expiresAt);
      times.push(room.whenJoined.deadline, room.whenLeft.deadline, room.whenOlderLoaded.deadline);
    }
    return Math.min(...times);
  }

  #wakeRoom(room: LiveRoom, now: number): void {
    const state = this.#state;
    if (state.hasJoined(room)) room.sync.wake(now, room.timeline.gapDeadline);
    room.outbox.expire(now);
    if (room.whenLeft.expire(now)) room.leaveHereOnly();
    room.whenOlderLoaded.expire(now);
    if (
      room.whenJoined.expire(now) &&
      room.timeline.epoch === undefined &&
      !room.isFromEarlierVisit
    ) {
      state.fail(room, new ChatError("timeout", "the room was not joined in time"));
    }
    if (!room.isWanted && !room.error && !this.#isInUse(room)) state.forget(room);
  }

  /** Return whether a connection has joined the room, or awaits a reply about it. */
  #isInUse(room: LiveRoom): boolean {
    return this.#state.connections.some(
      (connection) => connection.joined.has(room.id) || connection.pending?.room === room,
    );
  }

  get #mayOpen(): boolean {
    return this.#state.isRunning && !this.#state.isSignedOut;
  }

  #newConnection(now: number): Connection {
    return new Connection(now, this.#token ? "possible" : "impossible");
  }

  /** When to open the next connection; Infinity if the one in use needs no replacement. */
  get #nextAt(): number {
    const { current, next, reconnect } = this.#state;
    if (!current || next || !this.#mayOpen || current.renewal !== "impossible") return Infinity;
    return Math.max(current.replaceAt, reconnect.at);
  }

  get #renewAt(): number {
    const { current } = this.#state;
    return current?.renewal === "possible" ? current.renewAt : Infinity;
  }

  #renew(now: number): void {
    const { current } = this.#state;
    if (!current || !this.#token) return;
    renewWhenDue(current, now, this.#token, () => {
      this.#state.changed();
    });
  }

  /** Return whether the next connection can replace the one in use without an interruption. */
  #isNextReady(): boolean {
    const { current, next, rooms } = this.#state;
    if (!current || !next?.isWelcomed || current.pending) return false;
    return [...current.joined].every((id) => next.joined.has(id) || !rooms.get(id)?.isWanted);
  }
}

/** Return whether *frame* answers the request. The gateway's own errors name no request. */
function isReply(frame: Frame, requestId: string): frame is Exclude<Frame, AnyEvent> {
  return frame.type === undefined || ("requestId" in frame && frame.requestId === requestId);
}
