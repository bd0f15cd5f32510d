/** The chat's server in memory, as docs/protocol.md describes it. Its log may have gaps. */

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
import { listRooms, requireJoinable, requireVisible } from "./access.ts";
import { handleRoomCall, removeUser, requireAnotherOwner } from "./moderation.ts";
import { ServerRoom, type RoomServer, type ServerConnection } from "./room.ts";

/** Milliseconds after which API Gateway closes a connection. */
export const CONNECTION_LIFE = 2 * 3_600_000;

export class FakeServer implements RoomServer {
  readonly rooms = new Map<string, ServerRoom>();
  /** Messages on a page of history. */
  pageSize = 100;
  /** Errors to answer with. Each is used once, for the next request of its action. */
  failNext: PlannedError[] = [];
  /** All requests so far, for tests that count them. */
  readonly requests: Request[] = [];
  /** Whether the server knows the action `renew`. */
  canRenew = true;
  readonly #now: () => number;
  readonly #connections = new Set<ServerConnection>();
  #epochs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Return the reply to a request, and push its events. */
  reply(connection: ServerConnection, request: Request): Reply {
    this.requests.push(request);
    const planned = this.failNext.findIndex(({ action }) => action === request.action);
    if (planned >= 0) return this.#plannedError(planned, request);
    try {
      return { ...this.#handle(connection, request), ...echo(request) };
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      const { message, retryAfterMs } = error;
      const later = retryAfterMs === undefined ? {} : { retryAfterMs };
      return { type: "error", code: codeOf(error), message, ...later, ...echo(request) };
    }
  }

  #plannedError(n: number, request: Request): AnyReply {
    const [{ code, message = "no", retryAfterMs = 0 } = INTERNAL] = this.failNext.splice(n, 1);
    return { type: "error", code, message, retryAfterMs, ...echo(request) };
  }

  room(id: string): ServerRoom {
    const room = this.rooms.get(id);
    if (!room) throw new ChatError("room_not_found", "there is no such room");
    return room;
  }

  createRoom(id: string, name: string, createdBy: string): ServerRoom {
    const room = new ServerRoom(id, name, createdBy, `epoch-${String(++this.#epochs)}`);
    this.rooms.set(id, room);
    return room;
  }

  /** Remove a connection that has closed. */
  disconnect(connection: ServerConnection): void {
    this.#connections.delete(connection);
    for (const room of this.rooms.values()) this.leave(room, connection);
  }

  now(): number {
    return this.#now();
  }

  newSecret(): string {
    return `secret-${String(++this.#epochs)}`;
  }

  pushToUser(userId: string, event: AnyEvent): void {
    for (const connection of this.#connections) {
      if (connection.member.userId === userId) connection.push(event);
    }
  }

  removeRoom(room: ServerRoom): void {
    this.rooms.delete(room.id);
  }

  #handle(connection: ServerConnection, request: Request): Reply {
    switch (request.action) {
      case "renew":
        return this.#renew(connection, request.token);
      case "signOut":
        this.disconnect(connection);
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
        return this.#inRoom(connection, this.#joinedRoom(connection, request.roomId), request);
      case "listRooms":
        return listRooms(this.rooms, connection, request);
      default: {
        const room = requireVisible(this.room(request.roomId), connection);
        return handleRoomCall(this, room, connection, request);
      }
    }
  }

  #inRoom(
    connection: ServerConnection,
    room: ServerRoom,
    request: LeaveRoom | ListMembers | GetHistory | SendMessage,
  ): AnyReply {
    const { roomId } = request;
    switch (request.action) {
      case "leaveRoom":
        return this.#leave(connection, room, request);
      case "listMembers":
        return { type: "members", roomId, members: room.members, memberCount: room.members.length };
      case "getHistory":
        return { type: "history", roomId, ...this.#read(room, request) };
      case "sendMessage":
        return this.#send(connection, room, request);
    }
  }

  #joinedRoom(connection: ServerConnection, roomId: string): ServerRoom {
    const room = this.room(roomId);
    if (room.subscribers.has(connection)) return room;
    throw new ChatError("not_a_member", "join the room first");
  }

  #welcome({ member, expiresAt }: ServerConnection): AnyReply {
    const serverTime = new Date(this.#now()).toISOString();
    const until = new Date(expiresAt).toISOString();
    return { type: "welcome", ...member, serverTime, expiresAt: until, limits: this.#limits() };
  }

  #renew(connection: ServerConnection, token: string): Renewed {
    if (!this.canRenew) throw new ChatError("unknown_action", "$.action: expected another");
    if (!connection.renew(token)) throw new ChatError("unauthorized", "the token is not valid");
    return { type: "renewed", expiresAt: new Date(connection.expiresAt).toISOString() };
  }

  #limits(): Limits {
    const lengths = { textLength: 4_000, nameLength: 64, roomIdLength: 64 };
    const counts = { historyPage: this.pageSize, historyBytes: 100_000, roomsPerConnection: 50 };
    return { ...lengths, ...counts, roomsPerUser: 100, presence: 200 };
  }

  #create(
    connection: ServerConnection,
    { roomId, name, visibility = "public" }: CreateRoom,
  ): AnyReply {
    const id = roomId ?? `made-up-${String(this.rooms.size)}`;
    if (this.rooms.has(id)) throw new ChatError("room_exists", "the id is taken");
    const { userId } = connection.member;
    const room = this.createRoom(id, name ?? id, userId);
    room.visibility = visibility;
    room.updateMembership(userId, { role: "owner" });
    room.subscribers.add(connection);
    return { type: "roomCreated", room: room.info, members: room.members };
  }

  #leave(connection: ServerConnection, room: ServerRoom, { forGood = false }: LeaveRoom): AnyReply {
    if (forGood) {
      const { userId } = connection.member;
      requireAnotherOwner(room, userId);
      room.memberships.delete(userId);
      removeUser(this, room, userId, "left", connection);
    } else {
      this.leave(room, connection);
    }
    return { type: "roomLeft", roomId: room.id };
  }

  #join(connection: ServerConnection, { roomId, after, epoch, invite }: JoinRoom): AnyReply {
    const room = requireJoinable(this.room(roomId), connection, invite);
    const isNew = !room.members.some(({ userId }) => userId === connection.member.userId);
    room.subscribers.add(connection);
    const { members } = room;
    const memberCount = members.length;
    if (isNew) {
      const member = room.withMembership(connection.member);
      this.push(room, connection, { type: "memberJoined", roomId, member, memberCount });
    }
    const resumed = epoch === room.epoch && after !== undefined && room.expiredSeq <= after;
    const bounds = resumed ? { after } : {};
    const page = this.#read(room, { action: "getHistory", roomId, ...bounds });
    const deleted = resumed ? room.deleted.filter((seq) => seq <= after) : [];
    const snapshot = { members, memberCount, ...page, resumed, deleted };
    return { type: "roomJoined", room: room.info, ...snapshot };
  }

  #read(room: ServerRoom, { after, before, limit }: GetHistory): HistoryPage {
    const count = Math.min(limit ?? this.pageSize, this.pageSize);
    if (after !== undefined) {
      const newer = room.log.filter(({ seq }) => seq > after);
      return { messages: newer.slice(0, count), hasMore: newer.length > count };
    }
    const older = room.log.filter(({ seq }) => seq < (before ?? Infinity));
    return { messages: older.slice(-count), hasMore: older.length > count };
  }

  #send(connection: ServerConnection, room: ServerRoom, request: SendMessage): AnyReply {
    const { mutedUntil } = room.memberships.get(connection.member.userId) ?? {};
    const wait = mutedUntil === undefined ? 0 : Date.parse(mutedUntil) - this.#now();
    if (wait > 0) throw new ChatError("forbidden", "you are muted in this room", wait);
    if (request.text.length > 4_000) throw new ChatError("too_large", "$.text: too long");
    const [message, isNew] = room.append(connection.member, request, this.#now());
    if (isNew) this.push(room, connection, { type: "message", message });
    return { type: "messageSent", message };
  }

  leave(room: ServerRoom, connection: ServerConnection): void {
    if (!room.subscribers.delete(connection)) return;
    const { userId } = connection.member;
    if (room.members.some((member) => member.userId === userId)) return;
    const memberCount = room.members.length;
    this.push(room, connection, { type: "memberLeft", roomId: room.id, userId, memberCount });
  }

  push(room: ServerRoom, sender: ServerConnection | undefined, event: AnyEvent): void {
    for (const connection of room.subscribers) if (connection !== sender) connection.push(event);
  }
}

type Reply = AnyReply | Renewed;

interface PlannedError {
  readonly action: Request["action"];
  readonly code: ErrorCode;
  readonly message?: string;
  readonly retryAfterMs?: number;
}

const INTERNAL: PlannedError = { action: "ping", code: "internal" };

interface HistoryPage {
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
}

/** Return the code of an error that this server raised: all of these are wire codes. */
function codeOf({ code }: ChatError): ErrorCode {
  return code as ErrorCode;
}

function echo({ requestId }: Request): { requestId?: string } {
  return requestId === undefined ? {} : { requestId };
}
