/** The chat's SDK: live rooms over a WebSocket that may break at any time. */

export { ChatError } from "./api.ts";
export type {
  Chat,
  ChatOptions,
  Connection,
  Invitation,
  Invite,
  ListOptions,
  Loss,
  NewRoom,
  Outgoing,
  Page,
  Remembered,
  Removal,
  Role,
  Room,
  RoomStatus,
  TokenSource,
  Visibility,
} from "./api.ts";
export { createChat } from "./live-chat.ts";
export type { Environment, Socket, SocketEvents } from "./platform.ts";
export type { ErrorCode, Limits, ListedRoom, Member, Message } from "./protocol/types.ts";
