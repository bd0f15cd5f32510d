/** The chat's SDK: live rooms over a WebSocket that reconnects. */

export type {
  Chat,
  ChatOptions,
  ConnectionStatus,
  DisconnectReason,
  Invitation,
  Invite,
  ListOptions,
  NewRoom,
  OpenInvite,
  Outgoing,
  Page,
  Role,
  Room,
  RoomStatus,
  SavedRoom,
  TokenSource,
  Visibility,
} from "./api.ts";
export { ChatError, isRemovalReason, type RemovalReason } from "./errors.ts";
export { createChat } from "./live-chat.ts";
export type { Platform, Socket, SocketEvents } from "./platform.ts";
export { NAME_LENGTH, ROOM_ID_PATTERN } from "./protocol/constraints.ts";
export { isRoomId, isVisible } from "./protocol/names.ts";
export type { ErrorCode, Limits, ListedRoom, Member, Message } from "./protocol/types.ts";
