/** What becomes of a request when its reply, or an error, is there. */

import { ChatError } from "./api.ts";
import { pause } from "./backoff.ts";
import type { Client } from "./client.ts";
import type { Frame, GatewayError, Renewed } from "./frames.ts";
import type { Asked, Line } from "./line.ts";
import type { Place } from "./place.ts";
import type {
  AnyEvent,
  AnyReply,
  ErrorReply,
  History,
  Pong,
  RoomJoined,
  RoomLeft,
  Welcome,
} from "./types.ts";

const LONGEST_PAUSE = 20_000;

/** What tells of a room that was asked about. */
type Answer = Exclude<AnyReply, ErrorReply | Welcome | RoomLeft | Pong | Renewed>;

/** Take the reply to what was asked on this connection. */
export function replied(
  client: Client,
  line: Line,
  asked: Asked,
  frame: Exclude<Frame, AnyEvent>,
  now: number,
): void {
  if (frame.type === undefined || frame.type === "error") {
    failed(client, line, asked, frame, now);
    return;
  }
  line.failures = 0;
  if (frame.type === "welcome") {
    line.welcomed(frame, now, client.random());
    client.me = { userId: frame.userId, name: frame.name };
    client.limits = frame.limits;
  } else if (frame.type === "renewed") {
    line.renewed(frame, now, client.random());
  } else if (frame.type === "roomLeft") {
    line.inside.delete(frame.roomId);
  } else if (asked.place && frame.type !== "pong") {
    answered(client, line, asked, asked.place, frame, now);
    asked.place.outbox.settle(asked.place.view, client.me?.userId);
  }
}

function answered(
  client: Client,
  line: Line,
  asked: Asked,
  place: Place,
  frame: Answer,
  now: number,
): void {
  switch (frame.type) {
    case "roomCreated":
      place.creating = undefined;
      place.describe(frame.room, frame.members, frame.members.length);
      place.view.open(frame.room.epoch, [], false, now);
      entered(line, place, now);
      break;
    case "roomJoined":
      joined(client, line, asked, place, frame, now);
      break;
    case "messageSent":
      place.view.offer(frame.message, now);
      if (asked.entry) {
        place.outbox.acknowledge(asked.entry.clientMessageId, frame.message.seq, place.view);
      }
      place.stir(now);
      break;
    case "history":
      if (asked.generation === place.view.generation) read(asked, place, frame, now);
      break;
    case "members":
      place.count(frame.members, frame.memberCount);
      break;
  }
}

function entered(line: Line, place: Place, now: number): void {
  line.inside.add(place.id);
  place.entered(now);
}

function joined(
  client: Client,
  line: Line,
  asked: Asked,
  place: Place,
  frame: RoomJoined,
  now: number,
): void {
  line.inside.add(place.id);
  if (place.isDisputed && frame.room.createdBy !== client.me?.userId) {
    client.abandon(place, new ChatError("room_exists", "somebody else has made this room"));
    return;
  }
  place.isDisputed = false;
  place.describe(frame.room, frame.members, frame.memberCount);
  if (frame.resumed && asked.generation !== place.view.generation) {
    // The view began anew since: this continues another one.
    place.behind = true;
  } else if (frame.resumed) {
    place.behind ||= frame.hasMore;
    place.view.settle(frame.messages, now);
  } else {
    place.mayMiss ||= place.view.epoch !== undefined;
    place.view.open(frame.room.epoch, frame.messages, frame.hasMore, now);
  }
  entered(line, place, now);
}

function read(asked: Asked, place: Place, frame: History, now: number): void {
  if ("before" in asked.frame) {
    place.view.extend(frame.messages, frame.hasMore);
    place.older.resolve();
    return;
  }
  place.behind = frame.hasMore;
  if (frame.messages.some((message) => message.seq > place.view.cursor)) place.stir(now);
  place.view.settle(frame.messages, now);
}

function failed(
  client: Client,
  line: Line,
  asked: Asked,
  frame: ErrorReply | GatewayError,
  now: number,
): void {
  if (frame.type === undefined || frame.code === "internal" || frame.code === "rate_limited") {
    defer(asked, frame);
    hold(client, line, frame.type && frame.retryAfterMs, now);
    return;
  }
  const error = new ChatError(frame.code, frame.message, frame.retryAfterMs, frame.reason);
  if (frame.code === "unauthorized") {
    client.lost(line, now);
  } else if (asked.frame.action === "renew") {
    // A server that cannot, or will not: the next connection has the fresh token.
    line.renewal = "spent";
  } else if (asked.frame.action === "leaveRoom") {
    line.inside.delete(asked.frame.roomId);
  } else if (asked.place) {
    refused(client, line, asked, asked.place, error, now);
  } else {
    hold(client, line, undefined, now);
  }
}

/** Say of a message that it was one too many, and has to wait. */
function defer(asked: Asked, frame: ErrorReply | GatewayError): void {
  if (!asked.entry || frame.type === undefined || frame.code !== "rate_limited") return;
  const error = new ChatError(frame.code, frame.message, frame.retryAfterMs);
  asked.place?.outbox.defer(asked.entry.clientMessageId, error);
}

/** What *place* was asked for cannot be done. */
function refused(
  client: Client,
  line: Line,
  asked: Asked,
  place: Place,
  error: ChatError,
  now: number,
): void {
  if (error.code === "not_a_member") {
    line.inside.delete(place.id);
    if (line === client.current) place.cut();
    hold(client, line, undefined, now);
  } else if (error.code === "room_exists" && place.creating && place.creating.attempts > 1) {
    // The lost reply to an earlier attempt may have been a success.
    place.creating = undefined;
    place.isDisputed = true;
  } else if (asked.entry) {
    place.outbox.fail(asked.entry.clientMessageId, error);
  } else {
    client.abandon(place, error);
  }
}

/** Ask nothing for a while. */
function hold(client: Client, line: Line, least: number | undefined, now: number): void {
  line.notBefore = now + (least ?? 0) + pause(line.failures, LONGEST_PAUSE, client.random());
  line.failures += 1;
}
