/** Applies an error: the reply to a request that was refused, or that failed in the server. */

import { ChatError } from "../errors.ts";
import type { GatewayError } from "../protocol/parse.ts";
import type { ErrorReply } from "../protocol/types.ts";
import type { LiveRoom } from "../room/room.ts";
import type { Connection, PendingRequest } from "./connection.ts";
import { backoff } from "./reconnect.ts";
import type { ClientState } from "./state.ts";

const LONGEST_PAUSE = 20_000;

/** Apply the error that answers *request*. */
export function applyError(
  state: ClientState,
  connection: Connection,
  request: PendingRequest,
  frame: ErrorReply | GatewayError,
  now: number,
): void {
  if (frame.type === undefined || frame.code === "internal" || frame.code === "rate_limited") {
    applyTransient(state, request, frame);
    pause(state, connection, now, frame.type && frame.retryAfterMs);
    return;
  }
  const { code, message, retryAfterMs, reason } = frame;
  const error = new ChatError(code, message, retryAfterMs, reason, request.frame.action);
  if (code === "unauthorized") {
    state.disconnected(connection, now);
  } else if (request.frame.action === "renew") {
    // The server cannot renew, or refuses to: the next connection uses the new token.
    connection.renewal = "impossible";
  } else if (request.frame.action === "leaveRoom") {
    onLeaveRefused(connection, request, request.frame.roomId, error);
  } else if (request.room) {
    applyRoomError(state, connection, request, request.room, error, now);
  } else if (request.call) {
    state.calls.reject(request.call, error);
  } else {
    pause(state, connection, now);
  }
}

/** Keep what will be sent again. After `rate_limited`, the server has done nothing. */
function applyTransient(
  state: ClientState,
  { entry, room, call }: PendingRequest,
  frame: ErrorReply | GatewayError,
): void {
  if (frame.type !== undefined && frame.code === "rate_limited") {
    const error = new ChatError(frame.code, frame.message, frame.retryAfterMs);
    if (entry) room?.outbox.delay(entry.clientMessageId, error);
    if (call) call.lastError = error;
  } else if (call) {
    const retryAfterMs = frame.type && frame.retryAfterMs;
    state.calls.onUncertain(call, new ChatError("internal", frame.message, retryAfterMs));
  }
}

/** A user who is not in the room has left it. Otherwise the user may not leave, and stays. */
function onLeaveRefused(
  connection: Connection,
  { room, frame }: PendingRequest,
  roomId: string,
  error: ChatError,
): void {
  const isOutside = error.code === "not_a_member" || error.code === "room_not_found";
  if (!room || !("forGood" in frame) || isOutside) {
    connection.joined.delete(roomId);
    if (error.code === "room_not_found") room?.leaveHereOnly();
  } else {
    room.onLeaveForbidden(error);
  }
}

/** Apply an error about *room*. */
function applyRoomError(
  state: ClientState,
  connection: Connection,
  { entry, call, frame }: PendingRequest,
  room: LiveRoom,
  error: ChatError,
  now: number,
): void {
  const { phase } = room;
  if (error.code === "not_a_member") {
    connection.joined.delete(room.id);
    if (connection === state.current) room.onDisconnected();
    pause(state, connection, now);
  } else if (error.code === "room_exists" && phase.kind === "creating" && phase.attempts > 1) {
    // An earlier attempt, whose reply was lost, may have created the room.
    room.phase = { kind: "joining", mustVerifyCreator: true };
  } else if (entry) {
    room.outbox.fail(entry.clientMessageId, error);
    // No other frame says how long the user is muted.
    if (error.code === "forbidden") room.applyMute(now + (error.retryAfterMs ?? 0));
  } else if (call) {
    state.calls.reject(call, error);
  } else if (frame.action === "listRoles") {
    room.sync.needsRole = false;
  } else {
    state.fail(room, error);
  }
}

/** Send nothing for a while: at least *least* milliseconds. */
function pause(state: ClientState, connection: Connection, now: number, least = 0): void {
  connection.pausedUntil =
    now + least + backoff(connection.failures, LONGEST_PAUSE, state.random());
  connection.failures += 1;
}
