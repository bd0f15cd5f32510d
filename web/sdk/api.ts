/** What the SDK offers: everything that a page may rely on. */

import type { Environment } from "./environment.ts";
import type { ErrorCode, Limits, Member, Message } from "./types.ts";

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

export type Connection =
  | { readonly state: "connecting" }
  | { readonly state: "open" }
  /** Lost, or never had; tries again at `retryAt`, milliseconds since 1970. */
  | { readonly state: "waiting"; readonly retryAt: number; readonly reason: "lost" | "unreachable" }
  /** As `waiting`, and the machine itself says that it has no network. */
  | { readonly state: "offline"; readonly retryAt: number }
  | { readonly state: "stopped" }
  /** There is no token, or the chat lets nobody in with it; `reconnectNow` tries once more. */
  | { readonly state: "signedOut"; readonly reason: "noToken" | "refused" }
  /** The name or key cannot be accepted: another try would not help. */
  | { readonly state: "refused"; readonly error: ChatError };

/** One person's chat, over one connection after another; does nothing before `start`. */
export interface Chat {
  start(): void;
  stop(): void;
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
  createRoom(options: { readonly roomId?: string; readonly name?: string }): Promise<Room>;
  joinRoom(roomId: string): Promise<Room>;
  /** Leaves once all that was said there is acknowledged. */
  leaveRoom(roomId: string): Promise<void>;
  /** Wants rooms of an earlier visit; one that cannot be had stays, as `failed`. */
  resume(rooms: readonly Remembered[]): void;
}

/** A room of an earlier visit, and what was said there and not acknowledged. */
export interface Remembered {
  readonly roomId: string;
  readonly outgoing?: readonly Outgoing[];
}

export type RoomStatus = "joining" | "joined" | "rejoining" | "left" | "failed";

/** A room as it is now: the object stays the same, what it holds is replaced on change. */
export interface Room {
  readonly id: string;
  readonly name: string;
  /** May be cut in a large room; `memberCount` is not. */
  readonly members: readonly Member[];
  readonly memberCount: number;
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
}

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
  readonly code: ErrorCode | "timeout" | "disconnected";
  readonly retryAfterMs: number | undefined;

  /** What a review said of a message that it refused, for people. */
  readonly reason: string | undefined;

  constructor(code: ChatError["code"], message: string, retryAfterMs?: number, reason?: string) {
    super(message);
    this.name = "ChatError";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.reason = reason;
  }
}
