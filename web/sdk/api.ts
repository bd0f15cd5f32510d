/** The public interfaces of the SDK. */

import type { ChatError } from "./errors.ts";
import type { Platform } from "./platform.ts";
import type { ListedRoom, Limits, Member, Message, SetRole } from "./protocol/types.ts";

/** The options of `createChat`. */
export interface ChatOptions {
  /** The chat's address without a query: `ws://…` or `wss://…`. */
  readonly url: string;
  /** A guest's name. If it is missing, the server makes one up. */
  readonly name?: string;
  /**
   * A guest's secret: the same key is the same user, on any device.
   * If it is missing, the SDK makes one up, and the user is a new user after a reload.
   */
  readonly key?: string;
  /** The source of a signed-in user's tokens. If there is one, `name` and `key` are ignored. */
  readonly token?: TokenSource;
  /** Replaces parts of the browser: for tests, and for runtimes other than a browser. */
  readonly platform?: Partial<Platform>;
}

/**
 * Returns the token for the next connection, or for the renewal of the open connection.
 *
 * Resolve with undefined if the user has signed out: the chat then stops trying.
 * Reject if no token can be had at present, for example without a network: the chat tries again later.
 * If `fresh` is true, the last token was rejected or is about to end, so return another token.
 */
export type TokenSource = (want: { readonly fresh: boolean }) => Promise<string | undefined>;

/**
 * Why there is no connection.
 *
 * - `lost`: an open connection broke.
 * - `unreachable`: no connection opened, and nothing answers at the chat's address.
 * - `rejected`: no connection opened, but something answers at the chat's address. The chat may be
 *   overloaded, or the user has too many connections or is not allowed.
 * - `cooldown`: the server disconnected the user, who kept sending after repeated rate-limit errors.
 */
export type DisconnectReason = "lost" | "unreachable" | "rejected" | "cooldown";

/** The state of the connection. Times are milliseconds since 1970, by the local clock. */
export type ConnectionStatus =
  | { readonly state: "connecting" }
  | { readonly state: "open" }
  /** There is no connection. The chat tries again at `retryAt`. */
  | { readonly state: "waiting"; readonly retryAt: number; readonly reason: DisconnectReason }
  /** Like `waiting`, and the device reports that it has no network. */
  | { readonly state: "offline"; readonly retryAt: number }
  | { readonly state: "stopped" }
  /** The token source has no token. The chat does not try again before `reconnectNow`. */
  | { readonly state: "signedOut"; readonly reason: "noToken" }
  /** Handshakes with a token were rejected for 45 seconds. The chat tries again at `retryAt`. */
  | { readonly state: "signedOut"; readonly reason: "rejected"; readonly retryAt: number }
  /** The name or the key is not valid. The chat does not connect. */
  | { readonly state: "invalid"; readonly error: ChatError };

/** The chat of one user, across reconnects. It connects when `start` is called. */
export interface Chat {
  start(): void;
  stop(): void;
  /**
   * Revokes the tokens of this connection on the server, then stops.
   *
   * Rejects with a `ChatError`: `disconnected` or `timeout` without a connection, `forbidden` for
   * guests.
   */
  signOut(): Promise<void>;
  readonly connection: ConnectionStatus;
  readonly me: Member | undefined;
  readonly limits: Limits | undefined;
  /** The rooms that were created, joined or resumed, by id, in that order. */
  readonly rooms: ReadonlyMap<string, Room>;
  /**
   * Calls *listener* after changes, once for all changes of one task.
   *
   * Returns a function that ends the subscription.
   */
  subscribe(listener: () => void): () => void;
  /** Connects now. If there is a connection, checks that it is alive. */
  reconnectNow(): void;
  /** Creates a room and joins it. Rejects with `room_exists` if another room has the id. */
  createRoom(options: NewRoom): Promise<Room>;
  /** Joins a room. An invite makes the user a member of a private room. */
  joinRoom(roomId: string, options?: { readonly invite?: string }): Promise<Room>;
  /**
   * Leaves a room, after the server has acknowledged the messages that were sent there.
   *
   * With `forGood`, the user leaves permanently, with all devices and gives up every role. The last owner of a
   * room cannot do that: the call rejects with `forbidden`, and the user stays.
   */
  leaveRoom(roomId: string, options?: { readonly forGood?: boolean }): Promise<void>;
  /** Lists the user's own rooms, or the public rooms. */
  listRooms(options?: ListOptions): Promise<Page<ListedRoom>>;
  /** Invitations since the chat began, without rooms that were joined. Replaced on change. */
  readonly invitations: readonly Invitation[];
  dismissInvitation(roomId: string): void;
  /** Joins the rooms of an earlier visit. A room that cannot be joined stays, as `failed`. */
  resume(rooms: readonly SavedRoom[]): void;
}

/** A room of an earlier visit, and the messages that the server had not acknowledged. */
export interface SavedRoom {
  readonly roomId: string;
  readonly outgoing?: readonly Outgoing[];
  readonly invite?: string;
}

export type Role = SetRole["role"];
export type Visibility = "public" | "private";

/** The options of `createRoom`. */
export interface NewRoom {
  /** Must be missing for a private room: the server makes up its id. */
  readonly roomId?: string;
  readonly name?: string;
  /** The default is `public`. */
  readonly visibility?: Visibility;
}

/** The options of `listRooms`. */
export interface ListOptions {
  /** The default is `mine`. */
  readonly which?: "mine" | "public";
  readonly cursor?: string;
  /** At most 100, which is also the default. */
  readonly limit?: number;
}

/** A part of a list. If there is a cursor, there may be more. */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly cursor: string | undefined;
}

/** A room that another user made this user a member of. */
export interface Invitation {
  readonly roomId: string;
  readonly name: string;
  readonly by: Member;
}

/** A secret that makes up to `uses` users members of a private room. */
export interface Invite {
  /** The id with which `revokeInvite` ends it. */
  readonly inviteId: string;
  /** The secret. */
  readonly invite: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly expiresAt: number;
  readonly uses: number;
}

/** An open invite of a private room, without its secret. */
export interface OpenInvite {
  readonly inviteId: string;
  /** The userId of its creator. It is valid as long as the creator is owner or moderator. */
  readonly createdBy: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly expiresAt: number;
  /** How many new members can still join with it. */
  readonly uses: number;
}

export type RoomStatus = "joining" | "joined" | "rejoining" | "left" | "failed";

/** A room. The object stays the same; its arrays are replaced on change. */
export interface Room {
  readonly id: string;
  readonly name: string;
  /** Incomplete in a large room. `memberCount` counts everyone. */
  readonly members: readonly Member[];
  readonly memberCount: number;
  readonly visibility: Visibility;
  /** The user's own role; undefined without a role. */
  readonly role: Member["role"];
  /** The end of the user's mute, milliseconds since 1970; undefined if the user may send. */
  readonly mutedUntil: number | undefined;
  readonly status: RoomStatus;
  /** Why the room has failed. After a removal, its code is a `RemovalReason`. */
  readonly error: ChatError | undefined;
  /** Ordered by `seq`, without duplicates. Messages above an open gap are held back. */
  readonly messages: readonly Message[];
  /** Messages of this user that are not among `messages` yet, in the order of sending. */
  readonly outgoing: readonly Outgoing[];
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  /** True if the server no longer had some missed messages. They are missing before `messages[0]`. */
  readonly hasDiscontinuity: boolean;
  dismissDiscontinuity(): void;
  /** Sends a message, again after each reconnect, until the server acknowledges it; at most 23 hours. */
  send(text: string): Outgoing;
  /** Sends a failed message again, under the same id. */
  retry(clientMessageId: string): void;
  /** Removes a message from `outgoing`. If it was sent already, it may still appear. */
  discard(clientMessageId: string): void;
  /** Adds a page of history before `messages`. */
  loadOlder(): Promise<void>;
  /** Makes a user a member of a private room. Lists show *name* until the user joins. */
  invite(userId: string, name?: string): Promise<void>;
  /** Creates an invite. By default it lasts 7 days and has 1 use. */
  createInvite(options?: {
    readonly expiresInSeconds?: number;
    readonly uses?: number;
  }): Promise<Invite>;
  /** Lists the open invites of all creators. A page may be empty although it has a cursor. */
  listInvites(options?: { readonly cursor?: string }): Promise<Page<OpenInvite>>;
  /** Makes an invite open nothing more. Users who joined with it stay. */
  revokeInvite(inviteId: string): Promise<void>;
  /** Gives a user a role. The role `member` takes a higher role away. */
  setRole(userId: string, role: Role): Promise<void>;
  /** Removes a user, who may join again if the room is public. */
  kick(userId: string): Promise<void>;
  /** Removes a user and keeps them out until `unban`. */
  ban(userId: string): Promise<void>;
  unban(userId: string): Promise<void>;
  /** Mutes a user. 0 seconds ends the mute. */
  mute(userId: string, seconds: number): Promise<void>;
  /** Lists the users with a role, or the banned users, whether or not they are in the room. */
  listRoles(options?: {
    readonly banned?: boolean;
    readonly cursor?: string;
  }): Promise<Page<Member>>;
  /** Deletes a message. It keeps its place in `messages`, with an empty text. */
  deleteMessage(seq: number): Promise<void>;
  /** Changes the room. A private room can become public, but not the reverse. */
  update(change: { readonly name?: string; readonly visibility?: "public" }): Promise<void>;
  /** Deletes the room for everyone. Resolves when its messages are deleted, too. */
  delete(): Promise<void>;
}

/** A message of this user that is not among the room's `messages` yet. */
export interface Outgoing {
  readonly clientMessageId: string;
  readonly text: string;
  /** `sent` means acknowledged: the message waits until a gap before it is closed. */
  readonly state: "pending" | "sent" | "failed";
  /** Why a failed message failed, or why a pending message has to wait. */
  readonly error?: ChatError;
  /** When the user sent it, milliseconds since 1970. */
  readonly at: number;
}
