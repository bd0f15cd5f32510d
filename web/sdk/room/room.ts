/** One room: its phase, its members, and its messages. */

import type { Outgoing, Room, RoomStatus, Visibility } from "../api.ts";
import type { ChatError } from "../errors.ts";
import type { Member, MemberJoined, MemberLeft, Message, RoomInfo } from "../protocol/types.ts";
import { Deferreds } from "../requests/deferreds.ts";
import { Outbox } from "./outbox.ts";
import { roomActions, type Caller, type RoomActions } from "./room-actions.ts";
import { RoomSync } from "./sync.ts";
import { Timeline } from "./timeline.ts";

/** The part of the client that a room needs. */
export interface RoomContext extends Caller {
  readonly me: Member | undefined;
  now(): number;
  newId(): string;
  /** Returns the local time of a time of the server's clock. */
  localTime(time: string): number;
  /** Returns whether the connection in use has joined the room. */
  hasJoined(room: LiveRoom): boolean;
  /** Something was requested, or has changed. */
  changed(): void;
}

/**
 * The goal of this user for the room, and its progress. `docs/sdk.md` has the diagram.
 *
 * After a lost reply to `createRoom`, the room may be this user's. `mustVerifyCreator` then says that the
 * next join has to check who created the room.
 */
export type Phase =
  | { readonly kind: "creating"; readonly name: string | undefined; attempts: number }
  | { readonly kind: "joining"; readonly mustVerifyCreator: boolean }
  | { readonly kind: "joined" }
  | { readonly kind: "leaving"; readonly forGood: boolean; readonly mustVerifyCreator: boolean }
  | { readonly kind: "failed"; readonly error: ChatError };

const JOINED: Phase = { kind: "joined" };

export class LiveRoom implements Room {
  declare readonly invite: RoomActions["invite"];
  declare readonly createInvite: RoomActions["createInvite"];
  declare readonly listInvites: RoomActions["listInvites"];
  declare readonly revokeInvite: RoomActions["revokeInvite"];
  declare readonly setRole: RoomActions["setRole"];
  declare readonly kick: RoomActions["kick"];
  declare readonly ban: RoomActions["ban"];
  declare readonly unban: RoomActions["unban"];
  declare readonly mute: RoomActions["mute"];
  declare readonly listRoles: RoomActions["listRoles"];
  declare readonly deleteMessage: RoomActions["deleteMessage"];
  declare readonly update: RoomActions["update"];
  declare readonly delete: RoomActions["delete"];

  readonly id: string;
  name: string;
  visibility: Visibility = "public";
  members: readonly Member[] = [];
  memberCount = 0;
  hasDiscontinuity = false;

  phase: Phase = { kind: "joining", mustVerifyCreator: false };
  /** Whether the room is of an earlier visit. Such a room stays on the list when it fails. */
  isFromEarlierVisit = false;
  /** The invite to send with the next join. */
  inviteSecret: string | undefined;
  readonly sync = new RoomSync();
  readonly timeline = new Timeline();
  readonly outbox = new Outbox();
  readonly whenJoined = new Deferreds();
  readonly whenLeft = new Deferreds();
  readonly whenOlderLoaded = new Deferreds();
  readonly #context: RoomContext;
  #own: Member | undefined;
  #mutedUntil = 0;

  constructor(id: string, context: RoomContext) {
    this.id = id;
    this.name = id;
    this.#context = context;
    Object.assign(this, roomActions(id, context));
  }

  get status(): RoomStatus {
    if (this.error) return "failed";
    if (this.#context.hasJoined(this)) return "joined";
    if (!this.isWanted) return "left";
    return this.timeline.epoch === undefined ? "joining" : "rejoining";
  }

  get error(): ChatError | undefined {
    return this.phase.kind === "failed" ? this.phase.error : undefined;
  }

  /** Whether a connection has to be in the room. Unsent messages need one, too. */
  get isWanted(): boolean {
    const { phase } = this;
    if (phase.kind === "leaving") return phase.forGood || this.outbox.pending.length > 0;
    return phase.kind !== "failed";
  }

  get mustVerifyCreator(): boolean {
    return "mustVerifyCreator" in this.phase && this.phase.mustVerifyCreator;
  }

  get role(): Member["role"] {
    return this.#own?.role;
  }

  get mutedUntil(): number | undefined {
    return this.#mutedUntil > this.#context.now() ? this.#mutedUntil : undefined;
  }

  get messages(): readonly Message[] {
    return this.timeline.messages;
  }

  get outgoing(): readonly Outgoing[] {
    return this.outbox.entries;
  }

  get hasOlder(): boolean {
    return this.timeline.hasOlder;
  }

  get loadingOlder(): boolean {
    return !this.whenOlderLoaded.isEmpty;
  }

  dismissDiscontinuity(): void {
    this.hasDiscontinuity = false;
    this.#context.changed();
  }

  send(text: string): Outgoing {
    const entry = this.outbox.add(this.#context.newId(), text, this.#context.now());
    if (this.error) this.outbox.fail(entry.clientMessageId, this.error);
    this.#context.changed();
    return entry;
  }

  retry(clientMessageId: string): void {
    this.outbox.retry(clientMessageId, this.#context.now());
    if (this.error) this.outbox.fail(clientMessageId, this.error);
    this.#context.changed();
  }

  discard(clientMessageId: string): void {
    this.outbox.remove(clientMessageId);
    this.#context.changed();
  }

  loadOlder(): Promise<void> {
    if (!this.hasOlder) return Promise.resolve();
    const loaded = this.whenOlderLoaded.add(this.#context.now());
    this.#context.changed();
    return loaded;
  }

  // Phases.

  /** Join, or stay, unless that is under way. */
  want(): void {
    const { phase, mustVerifyCreator } = this;
    if (phase.kind === "leaving" || phase.kind === "failed") {
      const isIn = !mustVerifyCreator && this.#context.hasJoined(this);
      this.phase = isIn ? JOINED : { kind: "joining", mustVerifyCreator };
    }
    this.whenLeft.resolve();
  }

  leave(forGood: boolean): void {
    this.isFromEarlierVisit = false;
    this.phase = { kind: "leaving", forGood, mustVerifyCreator: this.mustVerifyCreator };
  }

  /** Leave with this device only: the user has left permanently, or that took too long. */
  leaveHereOnly(): void {
    if (this.phase.kind === "leaving") this.phase = { ...this.phase, forGood: false };
  }

  /** The server does not let the user leave permanently. */
  onLeaveForbidden(error: ChatError): void {
    if (this.phase.kind === "leaving") this.phase = JOINED;
    this.whenLeft.reject(error);
  }

  /** A connection has joined the room, so everything is known. */
  onJoined(now: number): void {
    const { kind } = this.phase;
    if (kind === "creating" || kind === "joining") this.phase = JOINED;
    this.inviteSecret = undefined;
    this.sync.onJoined(now);
    this.whenJoined.resolve();
  }

  /** The connection in use has left the room: the pushes that it received are outdated. */
  onDisconnected(): void {
    this.sync.stop();
    this.timeline.dropWaiting();
  }

  /** The room cannot be joined, or the user was removed from it. */
  fail(error: ChatError): void {
    this.phase = { kind: "failed", error };
    this.inviteSecret = undefined;
    this.onDisconnected();
    this.outbox.failAll(error);
    for (const deferreds of [this.whenJoined, this.whenOlderLoaded]) deferreds.reject(error);
    this.whenLeft.resolve();
  }

  // Replies and events.

  applySnapshot(info: RoomInfo, members: readonly Member[], memberCount: number): void {
    if (this.timeline.epoch !== undefined && this.timeline.epoch !== info.epoch) {
      this.outbox.removeSent();
    }
    this.applyInfo(info);
    this.applyMembers(members, memberCount);
    this.sync.needsRole = this.#own === undefined && members.length < memberCount;
  }

  applyInfo({ name, visibility = "public" }: RoomInfo): void {
    this.name = name;
    this.visibility = visibility;
  }

  applyMembers(members: readonly Member[], memberCount: number): void {
    this.members = members;
    this.memberCount = memberCount;
    this.#findOwn(members);
    this.sync.onMembers();
  }

  /** Apply the complete list of users with a role. */
  applyRoles(members: readonly Member[]): void {
    this.sync.needsRole = false;
    this.#findOwn(members);
  }

  /** Apply the new role or mute of one member. */
  applyMember(member: Member): void {
    this.members = this.members.map((other) => (other.userId === member.userId ? member : other));
    this.#findOwn([member]);
  }

  /** Apply a mute that the server reported when it refused a message. */
  applyMute(until: number): void {
    this.#mutedUntil = Math.max(this.#mutedUntil, until);
  }

  /** Apply a deletion: to the message that is shown, and to one of this user that is not shown yet. */
  applyDeletion(tombstone: Message, now: number): void {
    this.timeline.replace(tombstone, now);
    const { clientMessageId, sender } = tombstone;
    if (clientMessageId && sender.userId === this.#context.me?.userId) {
      this.outbox.remove(clientMessageId);
    }
  }

  /** Apply a join or a leave. Such events may be lost, and they may overtake each other. */
  applyPresence(event: MemberJoined | MemberLeft, now: number): void {
    const isJoin = event.type === "memberJoined";
    const userId = isJoin ? event.member.userId : event.userId;
    const wasIncomplete = this.members.length < this.memberCount;
    const others = this.members.filter((member) => member.userId !== userId);
    this.members = isJoin ? [...others, event.member] : others;
    this.memberCount = event.memberCount;
    if (!wasIncomplete && this.members.length !== this.memberCount) this.sync.onContradiction(now);
  }

  #findOwn(members: readonly Member[]): void {
    const own = members.find(({ userId }) => userId === this.#context.me?.userId);
    if (!own) return;
    this.#own = own;
    this.#mutedUntil = own.mutedUntil === undefined ? 0 : this.#context.localTime(own.mutedUntil);
  }
}
