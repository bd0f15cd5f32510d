/** What the SDK offers: everything that a page may rely on. */

import type { Environment } from "./platform.ts";
import type {
  AnyRequest,
  ErrorCode,
  ListedRoom,
  Limits,
  Member,
  Message,
  SetRole,
} from "./protocol/types.ts";

export interface ChatOptions {
  /** Where the chat is: `ws://…` or `wss://…`, without a query. */
  readonly url: string;
  /** A guest's name; without one the server makes one up. */
  readonly name?: string;
  /** A guest's secret: the same key is the same user. Without one, a new user until the page ends. */
  readonly key?: string;
  /** For people who sign in: where their tokens come from. `name` and `key` then say nothing. */
  readonly token?: TokenSource;
  /** Sockets, time, chance and signals, for tests and for places that are no browser. */
  readonly environment?: Partial<Environment>;
}

/**
 * Gives the token for the next connection, or for the one that is open to go on.
 *
 * Undefined says that nobody is signed in any more; a rejection, that there is none to be had now. With
 * `fresh`, the last one was refused: the same once more would not help.
 */
export type TokenSource = (want: { readonly fresh: boolean }) => Promise<string | undefined>;

/**
 * `refused`: there is an answer where the chat is, and no connection, for the chat is overloaded, the user
 * has too many connections, or may not be there. `cutOff`: the server has closed it, for the user sent too
 * much in spite of refusals.
 */
export type Loss = "lost" | "unreachable" | "refused" | "cutOff";

export type Connection =
  | { readonly state: "connecting" }
  | { readonly state: "open" }
  /** Lost, or never had; tries again at `retryAt`, milliseconds since 1970. */
  | { readonly state: "waiting"; readonly retryAt: number; readonly reason: Loss }
  /** As `waiting`, and the machine itself says that it has no network. */
  | { readonly state: "offline"; readonly retryAt: number }
  | { readonly state: "stopped" }
  /** There is no token, and no try before `reconnectNow`. */
  | { readonly state: "signedOut"; readonly reason: "noToken" }
  /** Whoever brings tokens has been refused for most of a minute; tries again now and then. */
  | { readonly state: "signedOut"; readonly reason: "refused"; readonly retryAt: number }
  /** The name or key cannot be accepted: another try would not help. */
  | { readonly state: "refused"; readonly error: ChatError };

/** One person's chat, over one connection after another; does nothing before `start`. */
export interface Chat {
  start(): void;
  stop(): void;
  /**
   * Let the tokens of this connection be good for nothing more, wherever a copy of them is, and stop.
   * Rejects with a `ChatError`: `disconnected` or `timeout` without a connection, `forbidden` for guests.
   */
  signOut(): Promise<void>;
  readonly connection: Connection;
  readonly me: Member | undefined;
  readonly limits: Limits | undefined;
  /** The rooms that are wanted, by id, in the order in which they were asked for. */
  readonly rooms: ReadonlyMap<string, Room>;
  /** Calls back after changes, once for all that one task changed; returns how to end it. */
  subscribe(listener: () => void): () => void;
  /** Tries at once, or checks that the connection is alive. */
  reconnectNow(): void;
  /** Rejects with `room_exists` when the id is taken; without an id, makes one up. */
  createRoom(options: NewRoom): Promise<Room>;
  /** An invite lets a new member into a private room. */
  joinRoom(roomId: string, options?: { readonly invite?: string }): Promise<Room>;
  /**
   * Leaves once all that was said there is acknowledged: with this chat, or, for good, with all devices
   * and every role. A room's last owner cannot leave for good: `forbidden`, and stays.
   */
  leaveRoom(roomId: string, options?: { readonly forGood?: boolean }): Promise<void>;
  /** One's own rooms, or the public ones. */
  listRooms(options?: ListOptions): Promise<Page<ListedRoom>>;
  /** The rooms that one was invited to since the chat began, and has not entered; replaced on change. */
  readonly invitations: readonly Invitation[];
  dismissInvitation(roomId: string): void;
  /** Wants rooms of an earlier visit; one that cannot be had stays, as `failed`. */
  resume(rooms: readonly Remembered[]): void;
}

/** A room of an earlier visit, and what was said there and not acknowledged. */
export interface Remembered {
  readonly roomId: string;
  readonly outgoing?: readonly Outgoing[];
  readonly invite?: string;
}

export type Role = SetRole["role"];
export type Visibility = "public" | "private";

export interface NewRoom {
  /** Of a private room the server makes it up. */
  readonly roomId?: string;
  readonly name?: string;
  /** Public unless told otherwise. */
  readonly visibility?: Visibility;
}

export interface ListOptions {
  /** `mine` unless told otherwise. */
  readonly which?: "mine" | "public";
  readonly cursor?: string;
  /** Up to 100. */
  readonly limit?: number;
}

/** While there is a cursor, there may be more. */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly cursor: string | undefined;
}

export interface Invitation {
  readonly roomId: string;
  readonly name: string;
  readonly by: Member;
}

/** A secret that lets in as many new members as it says. */
export interface Invite {
  readonly invite: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly expiresAt: number;
  readonly uses: number;
}

export type RoomStatus = "joining" | "joined" | "rejoining" | "left" | "failed";

/** A room as it is now: the object stays the same, what it holds is replaced on change. */
export interface Room {
  readonly id: string;
  readonly name: string;
  /** May be cut in a large room; `memberCount` is not. */
  readonly members: readonly Member[];
  readonly memberCount: number;
  readonly visibility: Visibility;
  /** One's own; undefined for whoever is nobody in particular. */
  readonly role: Member["role"];
  /** Until when one may not speak, milliseconds since 1970; undefined for who may. */
  readonly mutedUntil: number | undefined;
  /** Of whoever was removed, the `error` says how: `kicked`, `banned`, `deleted`. */
  readonly status: RoomStatus;
  readonly error: ChatError | undefined;
  /** By seq, each once, and nothing above a gap that history has not settled. */
  readonly messages: readonly Message[];
  /** What was said here and is not among `messages` yet, in the order it was said. */
  readonly outgoing: readonly Outgoing[];
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  /** After an absence, what was missed could not be had: some may lack before `messages[0]`. */
  readonly mayMiss: boolean;
  dismissMayMiss(): void;
  /** Sends until it is acknowledged, across reconnects, for 23 hours. */
  send(text: string): Outgoing;
  /** Sends what has failed again, as the same message. */
  retry(clientMessageId: string): void;
  /** Takes a message out of `outgoing`; if it is under way, it may still appear. */
  discard(clientMessageId: string): void;
  /** Puts a page before `messages`. */
  loadOlder(): Promise<void>;
  /** Makes a user a member of a private room; the name is shown until they come. */
  invite(userId: string, name?: string): Promise<void>;
  /** Lasts 7 days and lets 1 new member in, unless told otherwise. */
  createInvite(options?: {
    readonly expiresInSeconds?: number;
    readonly uses?: number;
  }): Promise<Invite>;
  /** `member` takes a role away. */
  setRole(userId: string, role: Role): Promise<void>;
  /** Puts a user out, who may come back where the room is public. */
  kick(userId: string): Promise<void>;
  /** Puts a user out until `unban`. */
  ban(userId: string): Promise<void>;
  unban(userId: string): Promise<void>;
  /** 0 seconds lets them speak again. */
  mute(userId: string, seconds: number): Promise<void>;
  /** Who has a role, present or not; or who is banned. */
  listRoles(options?: {
    readonly banned?: boolean;
    readonly cursor?: string;
  }): Promise<Page<Member>>;
  /** Its place stays, with an empty text. */
  deleteMessage(seq: number): Promise<void>;
  /** A private room can become public, not the other way round. */
  update(change: { readonly name?: string; readonly visibility?: "public" }): Promise<void>;
  /** Ends the room for everybody; resolves when its messages are gone too. */
  delete(): Promise<void>;
}

/** Why one is in a room no more, by the doing of somebody else. */
export type Removal = "kicked" | "banned" | "deleted";

export interface Outgoing {
  readonly clientMessageId: string;
  readonly text: string;
  /** `sent` is acknowledged, and waits for a message before it. */
  readonly state: "pending" | "sent" | "failed";
  /** Why it has failed; or, of one that is pending, why it has to wait. */
  readonly error?: ChatError;
  /** When it was said, milliseconds since 1970. */
  readonly at: number;
}

/** Why something could not be done; the message is for developers. */
export class ChatError extends Error {
  readonly code: ErrorCode | Removal | "timeout" | "disconnected";
  readonly retryAfterMs: number | undefined;

  /** What a review said of a message that it refused, for people. */
  readonly reason: string | undefined;

  /** What the server was asked and refused, such as `createRoom`; undefined where that is not known. */
  readonly action: AnyRequest["action"] | undefined;

  constructor(
    code: ChatError["code"],
    message: string,
    retryAfterMs?: number,
    reason?: string,
    action?: AnyRequest["action"],
  ) {
    super(message);
    this.name = "ChatError";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.reason = reason;
    this.action = action;
  }
}
