/** Applies an event: something that another user, or another connection of this user, did. */

import { ChatError } from "../errors.ts";
import type { Frame } from "../protocol/parse.ts";
import type {
  AnyEvent,
  Invited,
  MemberChanged,
  MemberJoined,
  MemberLeft,
  Removed,
  RoomChanged,
} from "../protocol/types.ts";
import type { LiveRoom } from "../room/room.ts";
import type { Connection } from "./connection.ts";
import type { ClientState } from "./state.ts";

const EVENTS: Readonly<Record<AnyEvent["type"], true>> = {
  message: true,
  memberJoined: true,
  memberLeft: true,
  memberChanged: true,
  messageChanged: true,
  roomChanged: true,
  removed: true,
  invited: true,
};

export function isEvent(frame: Frame): frame is AnyEvent {
  return frame.type !== undefined && frame.type in EVENTS;
}

/** Apply *event*. Events count as soon as the room is requested: they may overtake the reply. */
export function applyEvent(
  state: ClientState,
  connection: Connection,
  event: AnyEvent,
  now: number,
): void {
  if (event.type === "invited") {
    state.invitations.add(event, state.rooms);
    return;
  }
  const room = state.rooms.get(roomIdOf(event));
  if (!room || !(connection.joined.has(room.id) || connection.pending?.room === room)) return;
  switch (event.type) {
    case "message":
      room.timeline.add(event.message, now);
      room.outbox.removeShown(room.timeline, state.me?.userId);
      if (state.hasJoined(room)) room.sync.onActivity(now);
      break;
    case "messageChanged":
      room.applyDeletion(event.message, now);
      break;
    case "removed":
      applyRemoval(state, connection, room, event);
      break;
    default:
      applyChange(room, event, now);
      break;
  }
}

/** Apply a change of the members or of the room itself. */
function applyChange(
  room: LiveRoom,
  event: MemberJoined | MemberLeft | MemberChanged | RoomChanged,
  now: number,
): void {
  switch (event.type) {
    case "memberJoined":
    case "memberLeft":
      room.applyPresence(event, now);
      break;
    case "memberChanged":
      room.applyMember(event.member);
      break;
    case "roomChanged":
      room.applyInfo(event.room);
      break;
  }
}

function applyRemoval(
  state: ClientState,
  connection: Connection,
  room: LiveRoom,
  { reason }: Removed,
): void {
  connection.joined.delete(room.id);
  if (reason === "left") {
    // Another device of this user has left permanently, and this one follows.
    room.outbox.failAll(new ChatError("not_a_member", "you have left the room"));
    state.leave(room);
    return;
  }
  state.fail(room, new ChatError(reason, `removed from the room: ${reason}`));
}

function roomIdOf(event: Exclude<AnyEvent, Invited>): string {
  if ("roomId" in event) return event.roomId;
  return "message" in event ? event.message.roomId : event.room.roomId;
}
