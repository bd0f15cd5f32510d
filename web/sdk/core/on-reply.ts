/** Applies the reply to a request. */

import { ChatError } from "../errors.ts";
import type { Frame, Renewed } from "../protocol/parse.ts";
import type {
  AnyEvent,
  AnyReply,
  ErrorReply,
  History,
  Pong,
  RoomJoined,
  RoomLeft,
  Welcome,
} from "../protocol/types.ts";
import type { LiveRoom } from "../room/room.ts";
import type { Connection, PendingRequest } from "./connection.ts";
import { applyError } from "./on-error.ts";
import type { ClientState } from "./state.ts";

/** The replies that may be about a room. */
type RoomReply = Exclude<AnyReply, ErrorReply | Welcome | RoomLeft | Pong | Renewed>;

/** Apply the reply to *request*, which may be an error. */
export function applyReply(
  state: ClientState,
  connection: Connection,
  request: PendingRequest,
  frame: Exclude<Frame, AnyEvent>,
  now: number,
): void {
  if (frame.type === undefined || frame.type === "error") {
    applyError(state, connection, request, frame, now);
    return;
  }
  connection.failures = 0;
  if (frame.type === "welcome") {
    connection.onWelcome(frame, now, state.random());
    state.me = { userId: frame.userId, name: frame.name };
    state.limits = frame.limits;
  } else if (frame.type === "renewed") {
    connection.onRenewed(frame, now, state.random());
  } else if (frame.type === "roomLeft") {
    onLeft(connection, request, frame.roomId);
  } else if (frame.type !== "pong") {
    if (request.call) state.calls.resolve(request.call, frame);
    const room = request.room ?? createdRoom(state, frame);
    if (room) {
      applyRoomReply(state, connection, request, room, frame, now);
      room.outbox.removeShown(room.timeline, state.me?.userId);
    }
  }
}

function onLeft(connection: Connection, { room, frame }: PendingRequest, roomId: string): void {
  connection.joined.delete(roomId);
  if ("forGood" in frame) room?.leaveHereOnly();
}

/** Return the room whose id the server made up. */
function createdRoom(state: ClientState, frame: RoomReply): LiveRoom | undefined {
  return frame.type === "roomCreated" ? state.want(frame.room.roomId) : undefined;
}

function applyRoomReply(
  state: ClientState,
  connection: Connection,
  request: PendingRequest,
  room: LiveRoom,
  frame: RoomReply,
  now: number,
): void {
  switch (frame.type) {
    case "roomCreated":
      room.applySnapshot(frame.room, frame.members, frame.members.length);
      room.timeline.reset(frame.room.epoch, [], false, now);
      onJoined(state, connection, room, now);
      break;
    case "roomJoined":
      applyJoined(state, connection, request, room, frame, now);
      break;
    case "messageSent":
      room.timeline.add(frame.message, now);
      if (request.entry) {
        const { clientMessageId } = request.entry;
        room.outbox.acknowledge(clientMessageId, frame.message.seq, room.timeline);
      }
      room.sync.onActivity(now);
      break;
    case "history":
      if (request.generation === room.timeline.generation) applyHistory(request, room, frame, now);
      break;
    case "members":
      room.applyMembers(frame.members, frame.memberCount);
      break;
    case "roles":
      if (!request.call) room.applyRoles(frame.members);
      break;
    default:
      applyCallReply(state, connection, room, frame, now);
      break;
  }
}

/** Apply what a call changed. Other users receive the same change as an event. */
function applyCallReply(
  state: ClientState,
  connection: Connection,
  room: LiveRoom,
  frame: RoomReply,
  now: number,
): void {
  switch (frame.type) {
    case "roleSet":
    case "memberMuted":
      room.applyMember(frame.member);
      break;
    case "roomUpdated":
      room.applyInfo(frame.room);
      break;
    case "roomDeleted":
      connection.joined.delete(room.id);
      state.fail(room, new ChatError("deleted", "the room has been deleted"));
      break;
    case "messageDeleted":
      room.applyDeletion(frame.message, now);
      break;
    default:
      // The other replies change nothing in the room.
      break;
  }
}

function onJoined(state: ClientState, connection: Connection, room: LiveRoom, now: number): void {
  connection.joined.add(room.id);
  state.invitations.remove(room.id);
  room.onJoined(now);
}

function applyJoined(
  state: ClientState,
  connection: Connection,
  request: PendingRequest,
  room: LiveRoom,
  frame: RoomJoined,
  now: number,
): void {
  connection.joined.add(room.id);
  if (room.mustVerifyCreator && frame.room.createdBy !== state.me?.userId) {
    state.fail(room, new ChatError("room_exists", "another user has created this room"));
    return;
  }
  const { timeline, sync } = room;
  room.applySnapshot(frame.room, frame.members, frame.memberCount);
  if (frame.resumed && request.generation !== timeline.generation) {
    // The timeline was reset since the request: this page continues an earlier generation.
    sync.needsHistory = true;
  } else if (frame.resumed) {
    sync.needsHistory ||= frame.hasMore;
    timeline.append(frame.messages, now);
    timeline.clearTexts(frame.deleted ?? []);
  } else {
    room.hasDiscontinuity ||= timeline.epoch !== undefined;
    timeline.reset(frame.room.epoch, frame.messages, frame.hasMore, now);
  }
  onJoined(state, connection, room, now);
}

function applyHistory(request: PendingRequest, room: LiveRoom, frame: History, now: number): void {
  const { timeline, sync } = room;
  if ("before" in request.frame) {
    timeline.prepend(frame.messages, frame.hasMore);
    room.whenOlderLoaded.resolve();
    return;
  }
  sync.needsHistory = frame.hasMore;
  if (frame.messages.some((message) => message.seq > timeline.cursor)) sync.onActivity(now);
  timeline.append(frame.messages, now);
}
