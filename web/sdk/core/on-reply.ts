/** What becomes of a request when its reply, or an error, is there. */

import { ChatError } from "../errors.ts";
import type { Client } from "./client.ts";
import type { Frame, Renewed } from "../protocol/parse.ts";
import type { Asked, Line } from "./connection.ts";
import { refused } from "./on-error.ts";
import type { Place } from "../room/room.ts";
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
    refused(client, line, asked, frame, now);
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
    left(line, asked, frame.roomId);
  } else if (frame.type !== "pong") {
    if (asked.errand) client.errands.settle(asked.errand, frame);
    const place = asked.place ?? opened(client, frame);
    if (place) {
      answered(client, line, asked, place, frame, now);
      place.outbox.settle(place.view, client.me?.userId);
    }
  }
}

function left(line: Line, { place, frame }: Asked, roomId: string): void {
  line.inside.delete(roomId);
  if (place && "forGood" in frame) place.goesForGood = false;
}

/** The place of a room whose id the server has made up. */
function opened(client: Client, frame: Answer): Place | undefined {
  return frame.type === "roomCreated" ? client.want(frame.room.roomId) : undefined;
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
      entered(client, line, place, now);
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
    case "roles":
      if (!asked.errand) place.learn(frame.members);
      break;
    default:
      done(client, line, place, frame, now);
      break;
  }
}

/** What an errand was for has come about. */
function done(client: Client, line: Line, place: Place, frame: Answer, now: number): void {
  switch (frame.type) {
    case "roleSet":
    case "memberMuted":
      place.change(frame.member);
      break;
    case "roomUpdated":
      place.rename(frame.room);
      break;
    case "roomDeleted":
      line.inside.delete(place.id);
      client.abandon(place, new ChatError("deleted", "the room has been deleted"));
      break;
    case "messageDeleted":
      place.replace(frame.message, now);
      break;
    default:
      // Changes nothing here: it is for whoever has asked.
      break;
  }
}

function entered(client: Client, line: Line, place: Place, now: number): void {
  line.inside.add(place.id);
  place.secret = undefined;
  client.invitations.drop(place.id);
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
    place.view.erase(frame.deleted ?? []);
  } else {
    place.hasDiscontinuity ||= place.view.epoch !== undefined;
    place.view.open(frame.room.epoch, frame.messages, frame.hasMore, now);
  }
  entered(client, line, place, now);
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
