/** The chat's SDK: live rooms over a WebSocket that may break at any time. */

export { ChatError } from "./api.ts";
export type {
  Chat,
  ChatOptions,
  Connection,
  Outgoing,
  Remembered,
  Room,
  RoomStatus,
  TokenSource,
} from "./api.ts";
export { createChat } from "./chat.ts";
export type { Environment, Socket, SocketEvents } from "./environment.ts";
export type { ErrorCode, Limits, Member, Message } from "./types.ts";
