/** A room of the server in memory: its log, who is in it, and how people stand there. */

import type { Role, Visibility } from "../api.ts";
import type { AnyEvent, Member, Message, RoomInfo, SendMessage } from "../protocol/types.ts";

/** What a person is to the server: a connection, and whose it is. */
export interface Connection {
  readonly member: Member;
  /** When it ends, milliseconds since 1970. */
  readonly expiresAt: number;
  /** Lets it live longer; false when the token is not one of the same user. */
  renew(token: string): boolean;
  push(event: AnyEvent): void;
}

export interface Standing {
  readonly role?: Role | undefined;
  readonly banned?: boolean;
  readonly mutedUntil?: string | undefined;
}

export class ServerRoom {
  log: Message[] = [];
  lastSeq = 0;
  readonly audience = new Set<Connection>();
  readonly sent = new Map<string, Message>();
  /** How people stand here, by userId; of whoever is not among them there is nothing to say. */
  readonly standings = new Map<string, Standing>();
  /** Uses that are left, by secret. */
  readonly invites = new Map<string, number>();
  /** Seqs of what was deleted. */
  deleted: number[] = [];
  visibility: Visibility = "public";
  readonly id: string;
  name: string;
  readonly createdBy: string;
  readonly epoch: string;
  /** The seq up to which messages have expired. */
  expired = 0;

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
    const people = [...this.audience].map(({ member }) => [member.userId, member] as const);
    return [...new Map(people).values()].map((member) => this.asSeen(member));
  }

  /** A person with the role and the silence that they have here. */
  asSeen({ userId, name }: Member): Member {
    const { role, mutedUntil } = this.standings.get(userId) ?? {};
    const isSomebody = role !== undefined && role !== "member" && { role };
    return { userId, name, ...isSomebody, ...(mutedUntil && { mutedUntil }) };
  }

  amend(userId: string, change: Standing): void {
    this.standings.set(userId, { ...this.standings.get(userId), ...change });
  }

  /** Leave of a message what is left of it. */
  takeBack(seq: number, deletedBy: string, now: number): Message | undefined {
    const said = this.log.find((message) => message.seq === seq);
    if (!said || said.deletedAt) return said;
    const left = { ...said, text: "", deletedAt: new Date(now).toISOString(), deletedBy };
    this.log = this.log.map((message) => (message === said ? left : message));
    for (const [key, message] of this.sent) if (message === said) this.sent.set(key, left);
    this.deleted = [...this.deleted, seq];
    return left;
  }

  expire(): void {
    this.expired = this.lastSeq;
    this.log = [];
  }

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
