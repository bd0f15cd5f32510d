/** Which request a connection sends next. */

import { roomIdOf } from "../requests/calls.ts";
import type { LiveRoom } from "../room/room.ts";
import type { Connection, NextRequest } from "./connection.ts";
import type { ClientState } from "./state.ts";

/**
 * Yield what there is to request on *connection*, the most urgent first.
 *
 * Requests follow from the state alone, so a reconnect needs no code of its own.
 */
export function* nextRequests(
  state: ClientState,
  connection: Connection,
  now: number,
): Generator<NextRequest> {
  if (!connection.isWelcomed) {
    yield { frame: { action: "hello" } };
    return;
  }
  if (typeof connection.renewal === "object") {
    yield { frame: { action: "renew", token: connection.renewal.token } };
  }
  yield* joins(state, connection);
  if (connection === state.current) {
    // A user waits for a call, which may be signOut.
    yield* calls(state, connection);
    yield* inRooms(state, connection);
  }
  yield* leaves(state, connection);
  if (connection.isPingDue(now)) yield { frame: { action: "ping" } };
}

function* joins(state: ClientState, connection: Connection): Generator<NextRequest> {
  for (const room of state.rooms.values()) {
    // The next connection joins the rooms that the one in use has joined, and no others.
    const isItsTurn = connection === state.current || state.hasJoined(room);
    const hasJoined = connection.joined.has(room.id) && room.timeline.epoch !== undefined;
    if (room.isWanted && isItsTurn && !hasJoined) yield join(room);
  }
}

function join(room: LiveRoom): NextRequest {
  const { id: roomId, timeline, phase, inviteSecret: invite } = room;
  if (phase.kind === "creating") {
    const { name } = phase;
    return { room, frame: { action: "createRoom", roomId, ...(name !== undefined && { name }) } };
  }
  const { epoch, cursor: after } = timeline;
  const position = epoch !== undefined && { after, epoch };
  const secret = invite !== undefined && { invite };
  return { room, frame: { action: "joinRoom", roomId, ...position, ...secret } };
}

function* calls(state: ClientState, connection: Connection): Generator<NextRequest> {
  for (const call of state.calls.pending) {
    const room = state.rooms.get(roomIdOf(call) ?? "");
    const { frame } = call;
    // This is the only call that requires its sender to be in the room.
    if (frame.action === "deleteMessage" && !connection.joined.has(frame.roomId)) continue;
    yield { ...(room && { room }), call, frame };
  }
}

function* inRooms(state: ClientState, connection: Connection): Generator<NextRequest> {
  const rooms = [...state.rooms.values()].filter((room) => connection.joined.has(room.id));
  for (const room of rooms) {
    const { id: roomId, timeline } = room;
    if (room.sync.needsHistory) {
      yield { room, frame: { action: "getHistory", roomId, after: timeline.cursor } };
    }
  }
  for (const room of rooms) {
    for (const entry of room.outbox.pending) {
      const { clientMessageId, text } = entry;
      const frame = { action: "sendMessage", roomId: room.id, text, clientMessageId } as const;
      yield { room, entry, frame };
    }
  }
  for (const room of rooms) {
    const { id: roomId, timeline, sync } = room;
    if (room.loadingOlder) {
      yield { room, frame: { action: "getHistory", roomId, before: timeline.start } };
    }
    if (sync.needsMembers) yield { room, frame: { action: "listMembers", roomId } };
    if (sync.needsRole) yield { room, frame: { action: "listRoles", roomId } };
  }
}

function* leaves(state: ClientState, connection: Connection): Generator<NextRequest> {
  for (const roomId of connection.joined) {
    const room = state.rooms.get(roomId);
    if (!room?.isWanted) {
      yield { ...(room && { room }), frame: { action: "leaveRoom", roomId } };
    } else if (
      room.phase.kind === "leaving" &&
      room.phase.forGood &&
      room.outbox.pending.length === 0 &&
      connection === state.current
    ) {
      yield { room, frame: { action: "leaveRoom", roomId, forGood: true } };
    }
  }
}
