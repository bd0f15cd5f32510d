/** A room of the fake server: its log, its subscribers and its memberships. */

import type { Role, Visibility } from "../api.ts";
import type {
  AnyEvent,
  Invite,
  Member,
  Message,
  RoomInfo,
  SendMessage,
} from "../protocol/types.ts";

/** A connection, as the server sees it. */
export interface ServerConnection {
  readonly member: Member;
  /** When it ends, milliseconds since 1970. */
  readonly expiresAt: number;
  /** Extends the connection. Returns false if the token is not a valid token of the same user. */
  renew(token: string): boolean;
  push(event: AnyEvent): void;
}

/** The durable state of a user in a room. */
export interface Membership {
  readonly role?: Role | undefined;
  readonly banned?: boolean;
  readonly mutedUntil?: string | undefined;
}

export class ServerRoom {
  log: Message[] = [];
  lastSeq = 0;
  /** The connections that have joined. */
  readonly subscribers = new Set<ServerConnection>();
  /** The messages by sender and `clientMessageId`, to recognize repeated ones. */
  readonly sent = new Map<string, Message>();
  /** By user id. A user without a role, a ban or a mute may be missing. */
  readonly memberships = new Map<string, Membership>();
  /** The invites, by secret. */
  readonly invites = new Map<string, Invite>();
  /** The seqs of deleted messages. */
  deleted: number[] = [];
  visibility: Visibility = "public";
  readonly id: string;
  name: string;
  readonly createdBy: string;
  readonly epoch: string;
  /** The seq up to which messages have expired. */
  expiredSeq = 0;

  constructor(id: string, name: string, createdBy: string, epoch: string) {
    this.id = id;
    this.name = name;
    this.createdBy = createdBy;
    this.epoch = epoch;
  }

  get info(): RoomInfo {
    const { id: roomId, name, createdBy, lastSeq, epoch, visibility } = this;
    const isPrivate = visibility === "private" && { visibility };
    const createdAt = "2026-11-23T09:30:00.000Z";
    return { roomId, name, createdBy, createdAt, lastSeq, epoch, ...isPrivate };
  }

  get members(): Member[] {
    const entries = [...this.subscribers].map(({ member }) => [member.userId, member] as const);
    return [...new Map(entries).values()].map((member) => this.withMembership(member));
  }

  /** Return the member with the role and the mute that they have in this room. */
  withMembership({ userId, name }: Member): Member {
    const { role, mutedUntil } = this.memberships.get(userId) ?? {};
    const higherRole = role !== undefined && role !== "member" && { role };
    return { userId, name, ...higherRole, ...(mutedUntil && { mutedUntil }) };
  }

  updateMembership(userId: string, change: Membership): void {
    this.memberships.set(userId, { ...this.memberships.get(userId), ...change });
  }

  /** Replace a message by its tombstone, and return that. */
  deleteMessage(seq: number, deletedBy: string, now: number): Message | undefined {
    const original = this.log.find((message) => message.seq === seq);
    if (!original || original.deletedAt) return original;
    const deletedAt = new Date(now).toISOString();
    const tombstone = { ...original, text: "", deletedAt, deletedBy };
    this.log = this.log.map((message) => (message === original ? tombstone : message));
    for (const [key, message] of this.sent) if (message === original) this.sent.set(key, tombstone);
    this.deleted = [...this.deleted, seq];
    return tombstone;
  }

  /** Expire all messages. */
  expire(): void {
    this.expiredSeq = this.lastSeq;
    this.log = [];
  }

  /** Append a message. Returns it, and whether it is new: a repeated message is not appended again. */
  append(sender: Member, { text, clientMessageId }: SendMessage, now: number): [Message, boolean] {
    const key = clientMessageId && `${sender.userId}/${clientMessageId}`;
    const known = key && this.sent.get(key);
    if (known) return [known, false];
    const sentAt = new Date(now).toISOString();
    const id = clientMessageId === undefined ? {} : { clientMessageId };
    const message: Message = { roomId: this.id, seq: ++this.lastSeq, sender, text, sentAt, ...id };
    this.log.push(message);
    if (key) this.sent.set(key, message);
    return [message, true];
  }
}

/** The part of the server that the calls need. */
export interface RoomServer {
  now(): number;
  push(room: ServerRoom, sender: ServerConnection | undefined, event: AnyEvent): void;
  /** Pushes to all connections of a user, whether or not they have joined the room. */
  pushToUser(userId: string, event: AnyEvent): void;
  leave(room: ServerRoom, connection: ServerConnection): void;
  removeRoom(room: ServerRoom): void;
  newSecret(): string;
}
