/** What a person may ask for in a room beside talking: its members, its messages, the room itself. */

import type { Invite, Page, Role, Room } from "../api.ts";
import type { Chore } from "../core/calls.ts";
import type { Member, Replies } from "../protocol/types.ts";

/** What a room needs to ask for something. */
export interface Asks {
  ask<Frame extends Chore>(frame: Frame): Promise<Replies[Frame["action"]]>;
  /** The room is gone for good. */
  close(roomId: string): void;
}

type Kept =
  | "invite"
  | "createInvite"
  | "setRole"
  | "kick"
  | "ban"
  | "unban"
  | "mute"
  | "listRoles"
  | "deleteMessage"
  | "update"
  | "delete";

/** Each resolves when the server has done it; what it changes is then to be seen in the room. */
export class Rights implements Pick<Room, Kept> {
  readonly id: string;
  readonly #asks: Asks;

  constructor(id: string, asks: Asks) {
    this.id = id;
    this.#asks = asks;
  }

  async invite(userId: string, name?: string): Promise<void> {
    const named = name === undefined ? {} : { name };
    await this.#asks.ask({ action: "inviteMember", roomId: this.id, userId, ...named });
  }

  async createInvite(options: { expiresInSeconds?: number; uses?: number } = {}): Promise<Invite> {
    const reply = await this.#asks.ask({ action: "createInvite", roomId: this.id, ...options });
    return { invite: reply.invite, expiresAt: Date.parse(reply.expiresAt), uses: reply.uses };
  }

  async setRole(userId: string, role: Role): Promise<void> {
    await this.#asks.ask({ action: "setRole", roomId: this.id, userId, role });
  }

  async kick(userId: string): Promise<void> {
    await this.#asks.ask({ action: "kickMember", roomId: this.id, userId });
  }

  async ban(userId: string): Promise<void> {
    await this.#asks.ask({ action: "banMember", roomId: this.id, userId });
  }

  async unban(userId: string): Promise<void> {
    await this.#asks.ask({ action: "unbanMember", roomId: this.id, userId });
  }

  async mute(userId: string, seconds: number): Promise<void> {
    await this.#asks.ask({ action: "muteMember", roomId: this.id, userId, seconds });
  }

  async listRoles(options: { banned?: boolean; cursor?: string } = {}): Promise<Page<Member>> {
    const reply = await this.#asks.ask({ action: "listRoles", roomId: this.id, ...options });
    return { entries: reply.members, cursor: reply.cursor };
  }

  async deleteMessage(seq: number): Promise<void> {
    await this.#asks.ask({ action: "deleteMessage", roomId: this.id, seq });
  }

  async update(change: { name?: string; visibility?: "public" }): Promise<void> {
    await this.#asks.ask({ action: "updateRoom", roomId: this.id, ...change });
  }

  async delete(): Promise<void> {
    for (let complete = false; !complete;) {
      ({ complete } = await this.#asks.ask({ action: "deleteRoom", roomId: this.id }));
    }
    this.#asks.close(this.id);
  }
}
