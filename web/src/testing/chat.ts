/** A chat without a server, for tests of components: it does what it is told, and tells of it. */

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
  /** What has been asked of it. */
  readonly asked: string[] = [];
  /** Rooms that can be joined; all others are not there. */
  readonly existing = new Set<string>();
  /** Whether the server ever answers to a sign-out. */
  hears = true;
  /** Whether the server takes its time to let one in. */
  isSlow = false;
  readonly #listeners = new Set<() => void>();

  invitations: readonly Invitation[] = [];
  /** What `listRooms` lists, in pages of two. */
  listed: Readonly<Record<"mine" | "public", readonly ListedRoom[]>> = { mine: [], public: [] };
  /** Why no room can be opened. */
  refusal: ChatError | undefined;
  /** Why one cannot leave for good. */
  keeps: ChatError | undefined;

  start(): void {
    this.asked.push("start");
  }

  stop(): void {
    this.asked.push("stop");
  }

  signOut(): Promise<void> {
    this.asked.push("sign out");
    return this.hears ? Promise.resolve() : new Promise(() => undefined);
  }

  reconnectNow(): void {
    this.asked.push("reconnectNow");
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  resume(rooms: readonly { readonly roomId: string; readonly invite?: string }[]): void {
    if (this.asked.length > 1_000) throw new Error("asked without end");
    for (const { roomId, invite } of rooms) {
      this.asked.push(`resume ${roomId}${invite === undefined ? "" : ` by ${invite}`}`);
      const room = this.#enter(roomId);
      const isThere = this.existing.has(roomId);
      room.status = this.isSlow ? "joining" : isThere ? "joined" : "failed";
      room.error =
        isThere || this.isSlow ? undefined : new ChatError("room_not_found", "no such room");
    }
    this.change();
  }

  dismissInvitation(roomId: string): void {
    this.invitations = this.invitations.filter((one) => one.roomId !== roomId);
    this.change();
  }

  listRooms({ which = "mine", cursor = "0" }: ListOptions = {}): Promise<Page<ListedRoom>> {
    const [all, start] = [this.listed[which], Number(cursor)];
    const next = start + 2 < all.length ? String(start + 2) : undefined;
    return Promise.resolve({ entries: all.slice(start, start + 2), cursor: next });
  }

  createRoom({ roomId = "made-up", name, visibility = "public" }: NewRoom): Promise<Room> {
    this.asked.push(visibility === "private" ? `create ${visibility}` : `create ${roomId}`);
    if (this.existing.has(roomId)) return Promise.reject(new ChatError("room_exists", "taken"));
    const room = this.#enter(roomId);
    room.status = this.refusal ? "failed" : "joined";
    room.error = this.refusal;
    if (this.refusal) {
      this.change();
      return Promise.reject(this.refusal);
    }
    this.existing.add(roomId);
    room.name = name ?? roomId;
    room.visibility = visibility;
    this.change();
    return Promise.resolve(room);
  }

  joinRoom(roomId: string): Promise<Room> {
    this.resume([{ roomId }]);
    return Promise.resolve(this.#enter(roomId));
  }

  /** As over a network, one is still in the room until the answer comes. */
  async leaveRoom(roomId: string, { forGood = false } = {}): Promise<void> {
    this.asked.push(`leave ${roomId}${forGood ? " for good" : ""}`);
    if (forGood && this.keeps) throw this.keeps;
    this.change();
    await Promise.resolve();
    this.rooms.delete(roomId);
    this.change();
  }

  /** Tell everyone who listens. */
  change(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #enter(roomId: string): FakeRoom {
    const room =
      this.rooms.get(roomId) ??
      new FakeRoom(roomId, () => {
        this.change();
      });
    this.rooms.set(roomId, room);
    return room;
  }
}
