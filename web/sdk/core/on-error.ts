/** What becomes of a request that was refused, or that broke something. */

import { ChatError } from "../errors.ts";
import { pause } from "./backoff.ts";
import type { Client } from "./client.ts";
import type { GatewayError } from "../protocol/parse.ts";
import type { Asked, Line } from "./connection.ts";
import type { Place } from "../room/room.ts";
import type { ErrorReply } from "../protocol/types.ts";

const LONGEST_PAUSE = 20_000;

/** Take the error that answers what was asked on this connection. */
export function refused(
  client: Client,
  line: Line,
  asked: Asked,
  frame: ErrorReply | GatewayError,
  now: number,
): void {
  if (frame.type === undefined || frame.code === "internal" || frame.code === "rate_limited") {
    defer(asked, frame);
    hold(client, line, frame.type && frame.retryAfterMs, now);
    if (asked.errand) setBack(client, asked.errand, frame);
    return;
  }
  const { code, message, retryAfterMs, reason } = frame;
  const error = new ChatError(code, message, retryAfterMs, reason, asked.frame.action);
  if (frame.code === "unauthorized") {
    client.lost(line, now);
  } else if (asked.frame.action === "renew") {
    // A server that cannot, or will not: the next connection has the fresh token.
    line.renewal = "spent";
  } else if (asked.frame.action === "leaveRoom") {
    stays(line, asked, asked.frame.roomId, error);
  } else if (asked.place) {
    inRoom(client, line, asked, asked.place, error, now);
  } else if (asked.errand) {
    client.errands.fail(asked.errand, error);
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

/** It is tried again: `rate_limited` says that nothing was done, the others leave it open. */
function setBack(
  client: Client,
  errand: NonNullable<Asked["errand"]>,
  frame: ErrorReply | GatewayError,
): void {
  if (frame.type === undefined) {
    client.errands.unsettle(errand, new ChatError("internal", frame.message));
    return;
  }
  const error = new ChatError(frame.code, frame.message, frame.retryAfterMs);
  if (frame.code === "rate_limited") errand.setback = error;
  else client.errands.unsettle(errand, error);
}

/** Leaving went wrong: whoever is not there has left; else one may not, and stays. */
function stays(line: Line, { place, frame }: Asked, roomId: string, error: ChatError): void {
  const isOutside = error.code === "not_a_member" || error.code === "room_not_found";
  if (!place || !("forGood" in frame) || isOutside) {
    line.inside.delete(roomId);
    if (place && error.code === "room_not_found") place.goesForGood = false;
    return;
  }
  place.goesForGood = false;
  place.wanted = true;
  place.leaving.reject(error);
}

/** What *place* was asked for cannot be done. */
function inRoom(
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
    // Nothing else says for how long one may not speak.
    if (error.code === "forbidden") place.silence(now + (error.retryAfterMs ?? 0));
  } else if (asked.errand) {
    client.errands.fail(asked.errand, error);
  } else if (asked.frame.action === "listRoles") {
    place.asksRole = false;
  } else {
    client.abandon(place, error);
  }
}

/** Ask nothing for a while. */
function hold(client: Client, line: Line, least: number | undefined, now: number): void {
  line.notBefore = now + (least ?? 0) + pause(line.failures, LONGEST_PAUSE, client.random());
  line.failures += 1;
}
