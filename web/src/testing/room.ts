/** A room without a server, for tests of components. It records the calls. */

import {
  ChatError,
  type Invite,
  type Member,
  type Message,
  type OpenInvite,
  type Outgoing,
  type Page,
  type Role,
  type Room,
  type RoomStatus,
  type Visibility,
} from "../../sdk/index.ts";
import { message } from "./messages.ts";

export const ALICE: Member = { userId: "alice", name: "Alice" };

export class FakeRoom implements Room {
  readonly id: string;
  name: string;
  visibility: Visibility = "public";
  role: Member["role"];
  mutedUntil: number | undefined;
  banned: readonly Member[] = [];
  invites: readonly OpenInvite[] = [];
  /** Users with a role who are not in the room. */
  away: readonly Member[] = [];
  /** The error of every call that changes the room. */
  rejection: ChatError | undefined;
  members: readonly Member[] = [ALICE];
  memberCount = 1;
  status: RoomStatus = "joined";
  error: ChatError | undefined;
  messages: readonly Message[] = [];
  outgoing: readonly Outgoing[] = [];
  hasOlder = false;
  loadingOlder = false;
  hasDiscontinuity = false;
  /** The calls, in order. */
  readonly calls: string[] = [];
  readonly #changed: () => void;

  constructor(id: string, changed: () => void) {
    this.id = id;
    this.name = `Room ${id}`;
    this.#changed = changed;
  }

  invite(userId: string): Promise<void> {
    return this.#call(`invite ${userId}`);
  }

  async createInvite({ expiresInSeconds = 0, uses = 1 } = {}): Promise<Invite> {
    await this.#call(`createInvite ${expiresInSeconds} ${uses}`);
    const expiresAt = Date.now() + expiresInSeconds * 1_000;
    return { inviteId: "s3cret's id", invite: "s3cret", expiresAt, uses };
  }

  listInvites(): Promise<Page<OpenInvite>> {
    return Promise.resolve({ entries: this.invites, cursor: undefined });
  }

  async revokeInvite(inviteId: string): Promise<void> {
    await this.#call(`revokeInvite ${inviteId}`);
    this.invites = this.invites.filter((invite) => invite.inviteId !== inviteId);
  }

  async setRole(userId: string, role: Role): Promise<void> {
    await this.#call(`setRole ${userId} ${role}`);
    const shown = role === "member" ? {} : { role };
    this.#updateMember(userId, ({ userId: id, name }) => ({ userId: id, name, ...shown }));
  }

  kick(userId: string): Promise<void> {
    return this.#call(`kick ${userId}`);
  }

  ban(userId: string): Promise<void> {
    return this.#call(`ban ${userId}`);
  }

  async unban(userId: string): Promise<void> {
    await this.#call(`unban ${userId}`);
    this.banned = this.banned.filter((member) => member.userId !== userId);
  }

  async mute(userId: string, seconds: number): Promise<void> {
    await this.#call(`mute ${userId} ${seconds}`);
    const mutedUntil = new Date(Date.now() + seconds * 1_000).toISOString();
    const shown = seconds > 0 ? { mutedUntil } : {};
    this.#updateMember(userId, ({ userId: id, name, role }) => ({
      userId: id,
      name,
      ...(role && { role }),
      ...shown,
    }));
  }

  listRoles({ banned = false } = {}): Promise<Page<Member>> {
    const people = banned
      ? this.banned
      : [...this.members.filter(({ role }) => role), ...this.away];
    return Promise.resolve({ entries: people, cursor: undefined });
  }

  async deleteMessage(seq: number): Promise<void> {
    await this.#call(`deleteMessage ${seq}`);
    this.messages = this.messages.map((other) =>
      other.seq === seq ? { ...other, text: "" } : other,
    );
    this.#changed();
  }

  async update(change: { name?: string; visibility?: "public" }): Promise<void> {
    await this.#call(`update ${Object.values(change).join(" ")}`);
    this.name = change.name ?? this.name;
    this.visibility = change.visibility ?? this.visibility;
    this.#changed();
  }

  delete(): Promise<void> {
    return this.#call("delete");
  }

  dismissDiscontinuity(): void {
    this.hasDiscontinuity = false;
    this.#changed();
  }

  send(text: string): Outgoing {
    const clientMessageId = `id-${this.calls.length}`;
    const entry: Outgoing = { clientMessageId, text, state: "pending", at: Date.now() };
    this.calls.push(`send ${text}`);
    this.outgoing = [...this.outgoing, entry];
    this.#changed();
    return entry;
  }

  retry(clientMessageId: string): void {
    this.calls.push(`retry ${clientMessageId}`);
  }

  discard(clientMessageId: string): void {
    this.calls.push(`discard ${clientMessageId}`);
    this.outgoing = this.outgoing.filter((entry) => entry.clientMessageId !== clientMessageId);
    this.#changed();
  }

  async loadOlder(): Promise<void> {
    this.calls.push("loadOlder");
    this.loadingOlder = true;
    await Promise.resolve();
    this.loadingOlder = false;
    throw new ChatError("timeout", "no older messages in this fake");
  }

  /** Adds a message with the next seq. */
  receive(sender: string, text: string): void {
    const seq = (this.messages.at(-1)?.seq ?? 0) + 1;
    this.messages = [...this.messages, { ...message(seq, sender), text }];
    this.#changed();
  }

  async #call(call: string): Promise<void> {
    this.calls.push(call);
    await Promise.resolve();
    if (this.rejection) throw this.rejection;
  }

  #updateMember(userId: string, change: (member: Member) => Member): void {
    this.members = this.members.map((other) => (other.userId === userId ? change(other) : other));
    this.#changed();
  }
}
