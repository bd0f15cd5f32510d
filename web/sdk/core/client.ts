/** The client's half of the protocol, without sockets and without a clock.
 *
 * A shell tells it what happened and when; it answers with the connections it wants and with frames
 * to send. On each connection one request is under way at a time: the gateway's own error frame names
 * no request, and a sender's messages keep their order.
 */

import { replied } from "./on-reply.ts";
import type { DisconnectReason } from "../api.ts";
import { ChatError } from "../errors.ts";
import { Errands, type Chore } from "./calls.ts";
import { heard, isEvent } from "./on-event.ts";
import { parse, type Frame, type Request } from "../protocol/parse.ts";
import { Invitations } from "../room/invitations.ts";
import { Line } from "./connection.ts";
import { Place, type Host } from "../room/room.ts";
import { renewWhenDue } from "./token-renewal.ts";
import { Retries } from "./reconnect.ts";
import type { AnyEvent, Limits, Member, Replies } from "../protocol/types.ts";
import { wishes } from "./next-request.ts";

/** Milliseconds after which a connection counts as one that holds. */
const HOLDS_AFTER = 10_000;

export interface Surroundings {
  now(): number;
  random(): number;
  changed(): void;
  /** A fresh token, where people sign in. */
  readonly token?: () => Promise<string | undefined>;
}

export class Client implements Host {
  readonly places = new Map<string, Place>();
  readonly errands = new Errands();
  readonly invitations = new Invitations();
  me: Member | undefined;
  limits: Limits | undefined;
  isRunning = false;
  /** The connection in use. */
  current: Line | undefined;
  /** The one that will take over before the other's time is up. */
  next: Line | undefined;
  /** When a lost connection is replaced, be it the one in use or the one that was to take over. */
  readonly retries = new Retries();
  lostBy: DisconnectReason = "unreachable";
  /** There is no token: no connection is opened any more. */
  isSignedOut = false;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  // What places need.

  now(): number {
    return this.#around.now();
  }

  random(): number {
    return this.#around.random();
  }

  changed(): void {
    this.#around.changed();
  }

  newId(length = 20): string {
    const digits = "0123456789abcdefghjkmnpqrstvwxyz";
    return Array.from({ length }, () => digits[Math.floor(this.random() * 32)]).join("");
  }

  isInside(place: Place): boolean {
    return place.view.epoch !== undefined && (this.current?.inside.has(place.id) ?? false);
  }

  localTime(time: string): number {
    return Date.parse(time) - (this.current?.ahead ?? 0);
  }

  ask<Frame extends Chore>(frame: Frame): Promise<Replies[Frame["action"]]> {
    const reply = this.errands.run(frame, this.now());
    this.changed();
    return reply;
  }

  close(roomId: string): void {
    const place = this.places.get(roomId);
    if (place?.error) this.forget(place);
    this.changed();
  }

  // What the person wants.

  want(roomId: string): Place {
    const place = this.places.get(roomId) ?? new Place(roomId, this);
    this.places.set(roomId, place);
    place.wanted = true;
    place.goesForGood = false;
    place.error = undefined;
    place.leaving.resolve();
    return place;
  }

  leave(place: Place, { forGood = false } = {}): void {
    place.wanted = place.isRemembered = false;
    place.goesForGood = forGood;
    place.creating = undefined;
    if (place.error) this.forget(place);
  }

  /** The room is left, or was never had. */
  forget(place: Place): void {
    if (this.places.get(place.id) === place) this.places.delete(place.id);
    place.entering.reject(new ChatError("disconnected", "the room was left"));
    place.older.reject(new ChatError("disconnected", "the room was left"));
    place.leaving.resolve();
  }

  /** The room cannot be had. */
  abandon(place: Place, error: ChatError): void {
    place.wanted = place.isDisputed = place.behind = place.recounts = false;
    place.goesForGood = place.asksRole = false;
    place.creating = place.secret = undefined;
    place.error = error;
    place.view.cut();
    place.outbox.failAll(error);
    this.errands.failIn(place.id, error);
    for (const waiters of [place.entering, place.older]) waiters.reject(error);
    place.leaving.resolve();
    if (place.view.epoch === undefined && !place.isRemembered) this.forget(place);
  }

  // What the shell tells and asks.

  get lines(): readonly Line[] {
    return [this.current, this.next].filter((line) => line !== undefined);
  }

  /** A connection is closed, did not open, or is dead. */
  lost(line: Line, now: number): void {
    if (!this.lines.includes(line)) return;
    const { errand } = line.asked ?? {};
    if (errand) this.errands.unsettle(errand, new ChatError("disconnected", "connection lost"));
    if (now >= line.welcomedAt + HOLDS_AFTER) this.retries.forget();
    this.retries.add(now, this.random(), line.isRefused);
    if (line === this.next) {
      this.next = undefined;
    } else {
      this.lostBy = this.retries.isResting(now) ? "cooldown" : line.lostBy;
      this.#takeOver();
    }
  }

  /** The machine slept, the network changed, or somebody looks: see whether all is well. */
  suspect(now: number): void {
    this.retries.hurry(now);
    this.isSignedOut = false;
    for (const line of this.lines) line.suspect(now);
    for (const place of this.places.values()) if (this.isInside(place)) place.syncNow(now);
  }

  stop(): void {
    this.isRunning = false;
    this.next = undefined;
    this.#takeOver();
  }

  /** Do what is due. */
  wake(now: number): void {
    for (const line of this.lines) if (line.isDead(now)) this.lost(line, now);
    if (this.#isReady()) this.#takeOver();
    if (this.#mayOpen && !this.current && now >= this.retries.at) this.current = this.#newLine(now);
    if (this.#wantsNext(now)) this.next = this.#newLine(now);
    this.#renew(now);
    this.errands.expire(now);
    for (const place of this.places.values()) this.#wake(place, now);
  }

  /** The request to send on this connection now, if there is one. */
  nextFrame(line: Line, now: number): Request | undefined {
    if (!line.mayAsk(now)) return undefined;
    const [wish] = wishes(this, line, now);
    if (!wish) return undefined;
    if (wish.place?.creating && wish.frame.action === "createRoom")
      wish.place.creating.attempts += 1;
    const requestId = this.newId(12);
    line.ask(wish, requestId, now);
    return { ...wish.frame, requestId };
  }

  received(line: Line, text: string, now: number): void {
    const frame = parse(text);
    if (!frame || !this.lines.includes(line)) return;
    const { asked } = line;
    if (asked && isReply(frame, asked.requestId)) {
      line.asked = undefined;
      replied(this, line, asked, frame, now);
    } else if (isEvent(frame)) {
      heard(this, line, frame, now);
    } else if (frame.type === "error" && frame.requestId === undefined) {
      // It answers nothing of ours: this user is cut off, by whichever of their connections.
      this.retries.rest(now, frame.retryAfterMs ?? 0);
    }
  }

  /** When to look again, unless something else happens before. */
  wakes(now: number): number {
    const times = this.lines.map((line) => line.wakes(now));
    if (this.#mayOpen && !this.current) times.push(this.retries.at);
    times.push(this.#nextAt, this.#renewsAt, this.errands.deadline);
    for (const place of this.places.values()) {
      if (this.isInside(place)) times.push(place.wakes);
      if (this.isRunning) times.push(place.outbox.givesUpAt);
      times.push(place.entering.deadline, place.leaving.deadline, place.older.deadline);
    }
    return Math.min(...times);
  }

  // How it decides.

  #wake(place: Place, now: number): void {
    if (this.isInside(place)) place.wake(now);
    place.outbox.giveUp(now);
    if (place.leaving.expire(now)) place.goesForGood = false;
    place.older.expire(now);
    if (place.entering.expire(now) && place.view.epoch === undefined && !place.isRemembered) {
      this.abandon(place, new ChatError("timeout", "the room was not reached in time"));
    }
    if (!place.isWanted && !place.error && !this.#touches(place)) this.forget(place);
  }

  /** Whether a connection is in the room, or is about to be. */
  #touches(place: Place): boolean {
    return this.lines.some((line) => line.inside.has(place.id) || line.asked?.place === place);
  }

  get #mayOpen(): boolean {
    return this.isRunning && !this.isSignedOut;
  }

  #newLine(now: number): Line {
    return new Line(now, this.#around.token ? "possible" : "spent");
  }

  #wantsNext(now: number): boolean {
    return now >= this.#nextAt;
  }

  /** When the connection in use is to be replaced, if it is to be. */
  get #nextAt(): number {
    const { current, next } = this;
    if (!current || next || !this.#mayOpen || current.renewal !== "spent") return Infinity;
    return Math.max(current.handsOverAt, this.retries.at);
  }

  get #renewsAt(): number {
    const { current } = this;
    return current?.renewal === "possible" ? current.renewsAt : Infinity;
  }

  #renew(now: number): void {
    const { token } = this.#around;
    if (!this.current || !token) return;
    renewWhenDue(this.current, now, token, () => {
      this.changed();
    });
  }

  /** Whether the other connection can take over without anybody noticing. */
  #isReady(): boolean {
    const { current, next } = this;
    if (!current || !next?.isWelcomed || current.asked) return false;
    return [...current.inside].every((id) => next.inside.has(id) || !this.places.get(id)?.isWanted);
  }

  #takeOver(): void {
    this.current = this.next;
    this.next = undefined;
    for (const place of this.places.values()) if (!this.isInside(place)) place.cut();
  }
}

/** The gateway's own error names no request of ours: it stands for the one that is under way. */
function isReply(frame: Frame, requestId: string): frame is Exclude<Frame, AnyEvent> {
  return frame.type === undefined || ("requestId" in frame && frame.requestId === requestId);
}
