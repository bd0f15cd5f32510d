/** A chat without a server, for tests of components: it does what it is told, and tells of it. */

import {
  ChatError,
  type Chat,
  type Connection,
  type Limits,
  type Member,
  type Message,
  type Outgoing,
  type Room,
  type RoomStatus,
} from "../../sdk/index.ts";
import { message } from "./messages.ts";

export const ALICE: Member = { userId: "alice", name: "Alice" };

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

export class FakeRoom implements Room {
  readonly id: string;
  name: string;
  members: readonly Member[] = [ALICE];
  memberCount = 1;
  status: RoomStatus = "joined";
  error: ChatError | undefined;
  messages: readonly Message[] = [];
  outgoing: readonly Outgoing[] = [];
  hasOlder = false;
  loadingOlder = false;
  mayMiss = false;
  /** What has been asked of it. */
  readonly asked: string[] = [];
  readonly #changed: () => void;

  constructor(id: string, changed: () => void) {
    this.id = id;
    this.name = `Room ${id}`;
    this.#changed = changed;
  }

  dismissMayMiss(): void {
    this.mayMiss = false;
    this.#changed();
  }

  send(text: string): Outgoing {
    const clientMessageId = `id-${this.asked.length}`;
    const entry: Outgoing = { clientMessageId, text, state: "pending", at: Date.now() };
    this.asked.push(`send ${text}`);
    this.outgoing = [...this.outgoing, entry];
    this.#changed();
    return entry;
  }

  retry(clientMessageId: string): void {
    this.asked.push(`retry ${clientMessageId}`);
  }

  discard(clientMessageId: string): void {
    this.asked.push(`discard ${clientMessageId}`);
    this.outgoing = this.outgoing.filter((entry) => entry.clientMessageId !== clientMessageId);
    this.#changed();
  }

  async loadOlder(): Promise<void> {
    this.asked.push("loadOlder");
    this.loadingOlder = true;
    await Promise.resolve();
    this.loadingOlder = false;
    throw new ChatError("timeout", "no older messages in this fake");
  }

  /** Somebody says something, under the next seq. */
  hear(sender: string, text: string): void {
    const seq = (this.messages.at(-1)?.seq ?? 0) + 1;
    this.messages = [...this.messages, { ...message(seq, sender), text }];
    this.#changed();
  }
}

export class FakeChat implements Chat {
  connection: Connection = { state: "open" };
  me: Member | undefined = ALICE;
  limits: Limits | undefined = LIMITS;
  readonly rooms = new Map<string, FakeRoom>();
  /** What has been asked of it. */
  readonly asked: string[] = [];
  /** Rooms that can be joined; all others are not there. */
  readonly existing = new Set<string>();
  readonly #listeners = new Set<() => void>();

  start(): void {
    this.asked.push("start");
  }

  stop(): void {
    this.asked.push("stop");
  }

  reconnectNow(): void {
    this.asked.push("reconnectNow");
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  resume(rooms: readonly { readonly roomId: string }[]): void {
    for (const { roomId } of rooms) {
      this.asked.push(`resume ${roomId}`);
      const room = this.#enter(roomId);
      const isThere = this.existing.has(roomId);
      room.status = isThere ? "joined" : "failed";
      room.error = isThere ? undefined : new ChatError("room_not_found", "no such room");
    }
    this.change();
  }

  createRoom({ roomId = "made-up", name }: { roomId?: string; name?: string }): Promise<Room> {
    this.asked.push(`create ${roomId}`);
    if (this.existing.has(roomId)) return Promise.reject(new ChatError("room_exists", "taken"));
    this.existing.add(roomId);
    const room = this.#enter(roomId);
    room.status = "joined";
    room.error = undefined;
    room.name = name ?? roomId;
    this.change();
    return Promise.resolve(room);
  }

  joinRoom(roomId: string): Promise<Room> {
    this.resume([{ roomId }]);
    return Promise.resolve(this.#enter(roomId));
  }

  /** As over a network, one is still in the room until the answer comes. */
  async leaveRoom(roomId: string): Promise<void> {
    this.asked.push(`leave ${roomId}`);
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
