/** The chat's server in memory, as docs/protocol.md has it, with a log that may have holes. */

import { ChatError } from "../errors.ts";
import type { Renewed, Request } from "../protocol/parse.ts";
import type {
  AnyEvent,
  AnyReply,
  CreateRoom,
  ErrorCode,
  GetHistory,
  JoinRoom,
  LeaveRoom,
  Limits,
  ListMembers,
  Message,
  SendMessage,
} from "../protocol/types.ts";
import { admit, known, listRooms } from "./access.ts";
import { giveUp, moderate, putOut, type House } from "./moderation.ts";
import { ServerRoom, type Connection } from "./room.ts";

export const LIFE = 2 * 3_600_000;

export class Server implements House {
  readonly rooms = new Map<string, ServerRoom>();
  page = 100;
  /** Errors to answer with, each once, to the next request of its action. */
  refuse: Refusal[] = [];
  /** Every request that was understood, for tests that count. */
  readonly asked: Request[] = [];
  /** Whether it knows how to let a connection go on. */
  renews = true;
  readonly #now: () => number;
  readonly #connections = new Set<Connection>();
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
      if (!(error instanceof ChatError)) throw error;
      const { message, retryAfterMs } = error;
      const later = retryAfterMs === undefined ? {} : { retryAfterMs };
      return { type: "error", code: codeOf(error), message, ...later, ...echo(request) };
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
    this.#connections.delete(connection);
    for (const room of this.rooms.values()) this.leave(room, connection);
  }

  now(): number {
    return this.#now();
  }

  newSecret(): string {
    return `secret-${String(++this.#epochs)}`;
  }

  tell(userId: string, event: AnyEvent): void {
    for (const connection of this.#connections) {
      if (connection.member.userId === userId) connection.push(event);
    }
  }

  remove(room: ServerRoom): void {
    this.rooms.delete(room.id);
  }

  #answer(connection: Connection, request: Request): Reply {
    switch (request.action) {
      case "renew":
        return this.#renew(connection, request.token);
      case "signOut":
        this.forget(connection);
        return { type: "signedOut" };
      case "hello":
        this.#connections.add(connection);
        return this.#welcome(connection);
      case "ping":
        return { type: "pong", serverTime: new Date(this.#now()).toISOString() };
      case "createRoom":
        return this.#create(connection, request);
      case "joinRoom":
        return this.#join(connection, request);
      case "leaveRoom":
      case "listMembers":
      case "getHistory":
      case "sendMessage":
        return this.#inside(connection, this.#entered(connection, request.roomId), request);
      case "listRooms":
        return listRooms(this.rooms, connection, request);
      default:
        return moderate(this, known(this.room(request.roomId), connection), connection, request);
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
        return this.#goOut(connection, room, request);
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

  #create(connection: Connection, { roomId, name, visibility = "public" }: CreateRoom): AnyReply {
    const id = roomId ?? `made-up-${String(this.rooms.size)}`;
    if (this.rooms.has(id)) throw new ChatError("room_exists", "the id is taken");
    const { userId } = connection.member;
    const room = this.make(id, name ?? id, userId);
    room.visibility = visibility;
    room.amend(userId, { role: "owner" });
    room.audience.add(connection);
    return { type: "roomCreated", room: room.info, members: room.members };
  }

  #goOut(connection: Connection, room: ServerRoom, { forGood = false }: LeaveRoom): AnyReply {
    if (forGood) {
      const { userId } = connection.member;
      giveUp(room, userId);
      room.standings.delete(userId);
      putOut(this, room, userId, "left", connection);
    } else {
      this.leave(room, connection);
    }
    return { type: "roomLeft", roomId: room.id };
  }

  #join(connection: Connection, { roomId, after, epoch, invite }: JoinRoom): AnyReply {
    const room = admit(this.room(roomId), connection, invite);
    const isNew = !room.members.some(({ userId }) => userId === connection.member.userId);
    room.audience.add(connection);
    const { members } = room;
    const memberCount = members.length;
    if (isNew) {
      const member = room.asSeen(connection.member);
      this.push(room, connection, { type: "memberJoined", roomId, member, memberCount });
    }
    const resumed = epoch === room.epoch && after !== undefined && room.expired <= after;
    const bounds = resumed ? { after } : {};
    const page = this.#read(room, { action: "getHistory", roomId, ...bounds });
    const deleted = resumed ? room.deleted.filter((seq) => seq <= after) : [];
    const found = { members, memberCount, ...page, resumed, deleted };
    return { type: "roomJoined", room: room.info, ...found };
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
    const { mutedUntil } = room.standings.get(connection.member.userId) ?? {};
    const wait = mutedUntil === undefined ? 0 : Date.parse(mutedUntil) - this.#now();
    if (wait > 0) throw new ChatError("forbidden", "you are muted in this room", wait);
    if (request.text.length > 4_000) throw new ChatError("too_large", "$.text: too long");
    const [message, isNew] = room.append(connection.member, request, this.#now());
    if (isNew) this.push(room, connection, { type: "message", message });
    return { type: "messageSent", message };
  }

  leave(room: ServerRoom, connection: Connection): void {
    if (!room.audience.delete(connection)) return;
    const { userId } = connection.member;
    if (room.members.some((member) => member.userId === userId)) return;
    const memberCount = room.members.length;
    this.push(room, connection, { type: "memberLeft", roomId: room.id, userId, memberCount });
  }

  push(room: ServerRoom, sender: Connection | undefined, event: AnyEvent): void {
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

/** What was thrown here, all of which can be told. */
function codeOf({ code }: ChatError): ErrorCode {
  return code as ErrorCode;
}

function echo({ requestId }: Request): { requestId?: string } {
  return requestId === undefined ? {} : { requestId };
}
