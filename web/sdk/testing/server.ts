/** The chat's server in memory, as docs/protocol.md has it, with a log that may have holes. */

import { ChatError } from "../api.ts";
import type { Renewed, Request } from "../frames.ts";
import type {
  AnyEvent,
  AnyReply,
  ErrorCode,
  GetHistory,
  JoinRoom,
  LeaveRoom,
  Limits,
  ListMembers,
  Member,
  Message,
  RoomInfo,
  SendMessage,
} from "../types.ts";

export const LIFE = 2 * 3_600_000;

/** What a person is to the server: a connection, and whose it is. */
export interface Connection {
  readonly member: Member;
  /** When it ends, milliseconds since 1970. */
  readonly expiresAt: number;
  /** Lets it live longer; false when the token is not one of the same user. */
  renew(token: string): boolean;
  push(event: AnyEvent): void;
}

export class ServerRoom {
  log: Message[] = [];
  lastSeq = 0;
  readonly audience = new Set<Connection>();
  readonly sent = new Map<string, Message>();
  readonly id: string;
  readonly name: string;
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
    const { id: roomId, name, createdBy, lastSeq, epoch } = this;
    return { roomId, name, createdBy, createdAt: "2026-11-23T09:30:00.000Z", lastSeq, epoch };
  }

  get members(): Member[] {
    return [...new Map([...this.audience].map(({ member }) => [member.userId, member])).values()];
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

export class Server {
  readonly rooms = new Map<string, ServerRoom>();
  page = 100;
  /** Errors to answer with, each once, to the next request of its action. */
  refuse: Refusal[] = [];
  /** Every request that was understood, for tests that count. */
  readonly asked: Request[] = [];
  /** Whether it knows how to let a connection go on. */
  renews = true;
  readonly #now: () => number;
  #epochs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The reply to a request; what others hear is pushed on the way. */
  reply(connection: Connection, request: Request): Reply {
    this.asked.push(request);
    const refusal = this.refuse.findIndex(({ action }) => action === request.action);
    if (refusal >= 0) return this.#refusal(refusal, request);
    try {
      return { ...this.#answer(connection, request), ...echo(request) };
    } catch (error) {
      if (!(error instanceof ChatError) || error.code === "timeout") throw error;
      if (error.code === "disconnected") throw error;
      return { type: "error", code: error.code, message: error.message, ...echo(request) };
    }
  }

  #refusal(n: number, request: Request): AnyReply {
    const [{ code, message = "no", retryAfterMs = 0 } = INTERNAL] = this.refuse.splice(n, 1);
    return { type: "error", code, message, retryAfterMs, ...echo(request) };
  }

  room(id: string): ServerRoom {
    const room = this.rooms.get(id);
    if (!room) throw new ChatError("room_not_found", "there is no such room");
    return room;
  }

  make(id: string, name: string, createdBy: string): ServerRoom {
    const room = new ServerRoom(id, name, createdBy, `epoch-${String(++this.#epochs)}`);
    this.rooms.set(id, room);
    return room;
  }

  /** The connection is gone, and this is known. */
  forget(connection: Connection): void {
    for (const room of this.rooms.values()) this.#leave(room, connection);
  }

  #answer(connection: Connection, request: Request): Reply {
    switch (request.action) {
      case "renew":
        return this.#renew(connection, request.token);
      case "hello":
        return this.#welcome(connection);
      case "ping":
        return { type: "pong", serverTime: new Date(this.#now()).toISOString() };
      case "createRoom":
        return this.#create(connection, request.roomId ?? "made-up", request.name);
      case "joinRoom":
        return this.#join(connection, request);
      case "leaveRoom":
      case "listMembers":
      case "getHistory":
      case "sendMessage":
        return this.#inside(connection, this.#entered(connection, request.roomId), request);
      default:
        throw new ChatError("unknown_action", "$.action: not known here");
    }
  }

  #inside(
    connection: Connection,
    room: ServerRoom,
    request: LeaveRoom | ListMembers | GetHistory | SendMessage,
  ): AnyReply {
    const { roomId } = request;
    switch (request.action) {
      case "leaveRoom":
        this.#leave(room, connection);
        return { type: "roomLeft", roomId };
      case "listMembers":
        return { type: "members", roomId, members: room.members, memberCount: room.members.length };
      case "getHistory":
        return { type: "history", roomId, ...this.#read(room, request) };
      case "sendMessage":
        return this.#send(connection, room, request);
    }
  }

  #entered(connection: Connection, roomId: string): ServerRoom {
    const room = this.room(roomId);
    if (!room.audience.has(connection)) throw new ChatError("not_a_member", "join the room first");
    return room;
  }

  #welcome({ member, expiresAt }: Connection): AnyReply {
    const serverTime = new Date(this.#now()).toISOString();
    const until = new Date(expiresAt).toISOString();
    return { type: "welcome", ...member, serverTime, expiresAt: until, limits: this.#limits() };
  }

  #renew(connection: Connection, token: string): Renewed {
    if (!this.renews) throw new ChatError("unknown_action", "$.action: expected another");
    if (!connection.renew(token)) throw new ChatError("unauthorized", "the token is not valid");
    return { type: "renewed", expiresAt: new Date(connection.expiresAt).toISOString() };
  }

  #limits(): Limits {
    const lengths = { textLength: 4_000, nameLength: 64, roomIdLength: 64 };
    const counts = { historyPage: this.page, historyBytes: 100_000, roomsPerConnection: 50 };
    return { ...lengths, ...counts, roomsPerUser: 100, presence: 200 };
  }

  #create(connection: Connection, id: string, name = id): AnyReply {
    if (this.rooms.has(id)) throw new ChatError("room_exists", "the id is taken");
    const room = this.make(id, name, connection.member.userId);
    room.audience.add(connection);
    return { type: "roomCreated", room: room.info, members: room.members };
  }

  #join(connection: Connection, { roomId, after, epoch }: JoinRoom): AnyReply {
    const room = this.room(roomId);
    const isNew = !room.members.some(({ userId }) => userId === connection.member.userId);
    room.audience.add(connection);
    const { members } = room;
    const memberCount = members.length;
    if (isNew) {
      const { member } = connection;
      this.#push(room, connection, { type: "memberJoined", roomId, member, memberCount });
    }
    const resumed = epoch === room.epoch && after !== undefined && room.expired <= after;
    const bounds = resumed ? { after } : {};
    const page = this.#read(room, { action: "getHistory", roomId, ...bounds });
    return { type: "roomJoined", room: room.info, members, memberCount, ...page, resumed };
  }

  #read(room: ServerRoom, { after, before, limit }: GetHistory): Page {
    const count = Math.min(limit ?? this.page, this.page);
    if (after !== undefined) {
      const newer = room.log.filter(({ seq }) => seq > after);
      return { messages: newer.slice(0, count), hasMore: newer.length > count };
    }
    const older = room.log.filter(({ seq }) => seq < (before ?? Infinity));
    return { messages: older.slice(-count), hasMore: older.length > count };
  }

  #send(connection: Connection, room: ServerRoom, request: SendMessage): AnyReply {
    if (request.text.length > 4_000) throw new ChatError("too_large", "$.text: too long");
    const [message, isNew] = room.append(connection.member, request, this.#now());
    if (isNew) this.#push(room, connection, { type: "message", message });
    return { type: "messageSent", message };
  }

  #leave(room: ServerRoom, connection: Connection): void {
    if (!room.audience.delete(connection)) return;
    const { userId } = connection.member;
    if (room.members.some((member) => member.userId === userId)) return;
    const memberCount = room.members.length;
    this.#push(room, connection, { type: "memberLeft", roomId: room.id, userId, memberCount });
  }

  #push(room: ServerRoom, sender: Connection, event: AnyEvent): void {
    for (const connection of room.audience) if (connection !== sender) connection.push(event);
  }
}

type Reply = AnyReply | Renewed;

interface Refusal {
  readonly action: Request["action"];
  readonly code: ErrorCode;
  readonly message?: string;
  readonly retryAfterMs?: number;
}

const INTERNAL: Refusal = { action: "ping", code: "internal" };

interface Page {
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
}

function echo({ requestId }: Request): { requestId?: string } {
  return requestId === undefined ? {} : { requestId };
}
