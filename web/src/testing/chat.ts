/** A chat without a server, for tests of components. It records the calls. */

import {
  ChatError,
  type Chat,
  type ConnectionStatus,
  type Invitation,
  type Limits,
  type ListedRoom,
  type ListOptions,
  type Member,
  type NewRoom,
  type Page,
  type Room,
} from "../../sdk/index.ts";
import { ALICE, FakeRoom } from "./room.ts";

export { ALICE } from "./room.ts";

const LIMITS: Limits = {
  textLength: 100,
  nameLength: 64,
  roomIdLength: 64,
  historyPage: 100,
  historyBytes: 100_000,
  roomsPerConnection: 50,
  roomsPerUser: 100,
  presence: 200,
};

export class FakeChat implements Chat {
  connection: ConnectionStatus = { state: "open" };
  me: Member | undefined = ALICE;
  limits: Limits | undefined = LIMITS;
  readonly rooms = new Map<string, FakeRoom>();
  /** The calls, in order. */
  readonly calls: string[] = [];
  /** The ids of the rooms that exist. */
  readonly existing = new Set<string>();
  /** Whether the server replies to a sign-out. */
  repliesToSignOut = true;
  /** Whether joins stay pending. */
  isSlow = false;
  readonly #listeners = new Set<() => void>();

  invitations: readonly Invitation[] = [];
  /** The rooms that `listRooms` returns, in pages of two. */
  listed: Readonly<Record<"mine" | "public", readonly ListedRoom[]>> = { mine: [], public: [] };
  /** The error of `createRoom`. */
  createError: ChatError | undefined;
  /** The error of `leaveRoom` with `forGood`. */
  leaveError: ChatError | undefined;

  start(): void {
    this.calls.push("start");
  }

  stop(): void {
    this.calls.push("stop");
  }

  signOut(): Promise<void> {
    this.calls.push("sign out");
    return this.repliesToSignOut ? Promise.resolve() : new Promise(() => undefined);
  }

  reconnectNow(): void {
    this.calls.push("reconnectNow");
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  resume(rooms: readonly { readonly roomId: string; readonly invite?: string }[]): void {
    if (this.calls.length > 1_000) throw new Error("the page calls resume without end");
    for (const { roomId, invite } of rooms) {
      this.calls.push(`resume ${roomId}${invite === undefined ? "" : ` by ${invite}`}`);
      const room = this.#open(roomId);
      const isThere = this.existing.has(roomId);
      room.status = this.isSlow ? "joining" : isThere ? "joined" : "failed";
      room.error =
        isThere || this.isSlow ? undefined : new ChatError("room_not_found", "no such room");
    }
    this.change();
  }

  dismissInvitation(roomId: string): void {
    this.invitations = this.invitations.filter((other) => other.roomId !== roomId);
    this.change();
  }

  listRooms({ which = "mine", cursor = "0" }: ListOptions = {}): Promise<Page<ListedRoom>> {
    const [all, start] = [this.listed[which], Number(cursor)];
    const next = start + 2 < all.length ? String(start + 2) : undefined;
    return Promise.resolve({ entries: all.slice(start, start + 2), cursor: next });
  }

  createRoom({ roomId = "made-up", name, visibility = "public" }: NewRoom): Promise<Room> {
    this.calls.push(visibility === "private" ? `create ${visibility}` : `create ${roomId}`);
    if (this.existing.has(roomId)) return Promise.reject(new ChatError("room_exists", "taken"));
    const room = this.#open(roomId);
    room.status = this.createError ? "failed" : "joined";
    room.error = this.createError;
    if (this.createError) {
      this.change();
      return Promise.reject(this.createError);
    }
    this.existing.add(roomId);
    room.name = name ?? roomId;
    room.visibility = visibility;
    this.change();
    return Promise.resolve(room);
  }

  joinRoom(roomId: string): Promise<Room> {
    this.resume([{ roomId }]);
    return Promise.resolve(this.#open(roomId));
  }

  /** Leaves later, as over a network: until the reply, the user is in the room. */
  async leaveRoom(roomId: string, { forGood = false } = {}): Promise<void> {
    this.calls.push(`leave ${roomId}${forGood ? " for good" : ""}`);
    if (forGood && this.leaveError) throw this.leaveError;
    this.change();
    await Promise.resolve();
    this.rooms.delete(roomId);
    this.change();
  }

  /** Calls all listeners. */
  change(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #open(roomId: string): FakeRoom {
    const room =
      this.rooms.get(roomId) ??
      new FakeRoom(roomId, () => {
        this.change();
      });
    this.rooms.set(roomId, room);
    return room;
  }
}
