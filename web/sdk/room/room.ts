/** A room: what is wanted of it, and what there is. */

import type { Outgoing, Room, RoomStatus, Visibility } from "../api.ts";
import type { ChatError } from "../errors.ts";
import { Outbox } from "./outbox.ts";
import type { Member, MemberJoined, MemberLeft, Message, RoomInfo } from "../protocol/types.ts";
import { Rights, type Asks } from "./room-actions.ts";
import { View } from "./timeline.ts";
import { Waiters } from "../core/deferreds.ts";

/** Milliseconds between questions for what no push told of: twice as many each time nothing had. */
export const SYNCS_AFTER = 30_000;
export const SYNCS_AT_LEAST = 240_000;

/** Milliseconds until a member list that contradicts its count is asked for. */
const RECOUNTS_AFTER = 1_500;

/** What a room needs of the client that it belongs to. */
export interface Host extends Asks {
  readonly me: Member | undefined;
  now(): number;
  newId(): string;
  /** When something is by our clock, of which the server has told by its own. */
  localTime(time: string): number;
  /** Whether the connection in use has joined the room. */
  isInside(place: Place): boolean;
  /** Something is wanted, or has changed. */
  changed(): void;
}

export class Place extends Rights implements Room {
  name: string;
  visibility: Visibility = "public";
  members: readonly Member[] = [];
  memberCount = 0;
  error: ChatError | undefined;
  hasDiscontinuity = false;

  wanted = true;
  /** Whether it is to be left with every role and device. */
  goesForGood = false;
  /** Lets one into a private room. */
  secret: string | undefined;
  /** Whether one's own role is to be asked for: a cut list did not say. */
  asksRole = false;
  /** Whether it stays on the list although it cannot be had. */
  isRemembered = false;
  /** The room is to be made; after a lost reply nobody knows whether it was. */
  creating: { readonly name: string | undefined; attempts: number } | undefined;
  /** It was there when it was to be made again: ours, if we created it. */
  isDisputed = false;
  /** Whether history may hold more than is shown. */
  behind = false;
  /** Whether the member list is to be asked for, and when that is decided. */
  recounts = false;
  recountsAt = Infinity;
  syncsAt = Infinity;
  readonly view = new View();
  readonly outbox = new Outbox();
  readonly entering = new Waiters();
  readonly leaving = new Waiters();
  readonly older = new Waiters();
  readonly #host: Host;
  #own: Member | undefined;
  #mutedUntil = 0;
  #syncsAfter = SYNCS_AFTER;
  #syncedAt = 0;

  constructor(id: string, host: Host) {
    super(id, host);
    this.name = id;
    this.#host = host;
  }

  get status(): RoomStatus {
    if (this.error) return "failed";
    if (this.#host.isInside(this)) return "joined";
    if (!this.isWanted) return "left";
    return this.view.epoch === undefined ? "joining" : "rejoining";
  }

  /** Whether a connection has to be in it: also for what is still to be said there. */
  get isWanted(): boolean {
    return this.wanted || this.goesForGood || this.outbox.pending.length > 0;
  }

  get role(): Member["role"] {
    return this.#own?.role;
  }

  get mutedUntil(): number | undefined {
    return this.#mutedUntil > this.#host.now() ? this.#mutedUntil : undefined;
  }

  get messages(): readonly Message[] {
    return this.view.messages;
  }

  get outgoing(): readonly Outgoing[] {
    return this.outbox.entries;
  }

  get hasOlder(): boolean {
    return this.view.hasOlder;
  }

  get loadingOlder(): boolean {
    return !this.older.isEmpty;
  }

  dismissDiscontinuity(): void {
    this.hasDiscontinuity = false;
    this.#host.changed();
  }

  send(text: string): Outgoing {
    const entry = this.outbox.add(this.#host.newId(), text, this.#host.now());
    if (this.error) this.outbox.fail(entry.clientMessageId, this.error);
    this.#host.changed();
    return entry;
  }

  retry(clientMessageId: string): void {
    this.outbox.retry(clientMessageId, this.#host.now());
    if (this.error) this.outbox.fail(clientMessageId, this.error);
    this.#host.changed();
  }

  discard(clientMessageId: string): void {
    this.outbox.drop(clientMessageId);
    this.#host.changed();
  }

  loadOlder(): Promise<void> {
    if (!this.hasOlder) return Promise.resolve();
    const loaded = this.older.add(this.#host.now());
    this.#host.changed();
    return loaded;
  }

  /** What the room is, and who is in it. */
  describe(room: RoomInfo, members: readonly Member[], memberCount: number): void {
    if (this.view.epoch !== undefined && this.view.epoch !== room.epoch) this.outbox.forget();
    this.rename(room);
    this.count(members, memberCount);
    this.asksRole = this.#own === undefined && members.length < memberCount;
  }

  rename({ name, visibility = "public" }: RoomInfo): void {
    this.name = name;
    this.visibility = visibility;
  }

  count(members: readonly Member[], memberCount: number): void {
    this.members = members;
    this.memberCount = memberCount;
    this.know(members);
    this.recounts = false;
    this.recountsAt = Infinity;
  }

  /** Whether one is among them, and what one is then. */
  know(members: readonly Member[]): void {
    const own = members.find(({ userId }) => userId === this.#host.me?.userId);
    if (!own) return;
    this.#own = own;
    this.#mutedUntil = own.mutedUntil === undefined ? 0 : this.#host.localTime(own.mutedUntil);
  }

  /** Who has a role: one is among them, or has none. */
  learn(members: readonly Member[]): void {
    this.asksRole = false;
    this.know(members);
  }

  /** Somebody has another role, or may or may not speak. */
  change(member: Member): void {
    this.members = this.members.map((one) => (one.userId === member.userId ? member : one));
    this.know([member]);
  }

  /** The server does not let one speak, for so long. */
  silence(until: number): void {
    this.#mutedUntil = Math.max(this.#mutedUntil, until);
  }

  /** A message was deleted; what was ours of it and not shown yet is gone too. */
  replace(message: Message, now: number): void {
    this.view.replace(message, now);
    const { clientMessageId, sender } = message;
    if (clientMessageId && sender.userId === this.#host.me?.userId) {
      this.outbox.drop(clientMessageId);
    }
  }

  /** Somebody came or went; such events may be lost, and may overtake each other. */
  hear(event: MemberJoined | MemberLeft, now: number): void {
    const isJoin = event.type === "memberJoined";
    const userId = isJoin ? event.member.userId : event.userId;
    const wasCut = this.members.length < this.memberCount;
    const others = this.members.filter((member) => member.userId !== userId);
    this.members = isJoin ? [...others, event.member] : others;
    this.memberCount = event.memberCount;
    if (!wasCut && this.members.length !== this.memberCount) this.recountsAt = now + RECOUNTS_AFTER;
  }

  /** Ask now for what is new, unless that was just done: people look at their pages often. */
  syncNow(now: number): void {
    if (now < this.#syncedAt + SYNCS_AFTER) return;
    this.#syncsAfter = SYNCS_AFTER;
    this.syncsAt = now;
  }

  /** The room was entered: all is known. */
  entered(now: number): void {
    this.#syncedAt = now;
    this.stir(now);
    this.entering.resolve();
  }

  /** Something was shown, and maybe the push after it was lost. */
  stir(now: number): void {
    this.#syncsAfter = SYNCS_AFTER;
    this.syncsAt = now + this.#syncsAfter;
  }

  /** Time has passed: decide what to ask. */
  wake(now: number): void {
    if (now >= this.view.gapEnds) this.behind = true;
    if (now >= this.recountsAt) this.recounts = true;
    if (now >= this.syncsAt) this.#sync(now);
    if (this.recounts) this.recountsAt = Infinity;
  }

  /** When to look again. */
  get wakes(): number {
    return Math.min(
      this.behind ? Infinity : this.view.gapEnds,
      this.recountsAt,
      this.syncsAt,
      this.mutedUntil ?? Infinity,
    );
  }

  /** The connection in use is outside: what it told of the present counts no more. */
  cut(): void {
    this.behind = this.recounts = false;
    this.recountsAt = this.syncsAt = Infinity;
    this.view.cut();
  }

  #sync(now: number): void {
    this.behind = true;
    this.#syncedAt = now;
    if (this.#syncsAfter >= SYNCS_AT_LEAST) this.recounts = true;
    this.syncsAt = now + this.#syncsAfter;
    this.#syncsAfter = Math.min(2 * this.#syncsAfter, SYNCS_AT_LEAST);
  }
}
