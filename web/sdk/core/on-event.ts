/** What becomes of what happened to others, when a push tells of it. */

import { ChatError } from "../errors.ts";
import type { Client } from "./client.ts";
import type { Frame } from "../protocol/parse.ts";
import type { Line } from "./connection.ts";
import type { Place } from "../room/room.ts";
import type {
  AnyEvent,
  Invited,
  MemberChanged,
  MemberJoined,
  MemberLeft,
  Removed,
  RoomChanged,
} from "../protocol/types.ts";

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

/** A push counts from the moment that the room is asked for: it may overtake the reply. */
export function heard(client: Client, line: Line, event: AnyEvent, now: number): void {
  if (event.type === "invited") {
    client.invitations.add(event, client.places);
    return;
  }
  const place = client.places.get(roomOf(event));
  if (!place || !(line.inside.has(place.id) || line.asked?.place === place)) return;
  switch (event.type) {
    case "message":
      place.view.offer(event.message, now);
      place.outbox.settle(place.view, client.me?.userId);
      if (client.isInside(place)) place.stir(now);
      break;
    case "messageChanged":
      place.replace(event.message, now);
      break;
    case "removed":
      removed(client, line, place, event);
      break;
    default:
      toldOf(place, event, now);
      break;
  }
}

/** Who is there, and what the room is called. */
function toldOf(
  place: Place,
  event: MemberJoined | MemberLeft | MemberChanged | RoomChanged,
  now: number,
): void {
  switch (event.type) {
    case "memberJoined":
    case "memberLeft":
      place.hear(event, now);
      break;
    case "memberChanged":
      place.change(event.member);
      break;
    case "roomChanged":
      place.rename(event.room);
      break;
  }
}

function removed(client: Client, line: Line, place: Place, { reason }: Removed): void {
  line.inside.delete(place.id);
  if (reason === "left") {
    // Another device has left for good: as if it had been done here.
    place.outbox.failAll(new ChatError("not_a_member", "you have left the room"));
    client.leave(place);
    return;
  }
  client.abandon(place, new ChatError(reason, `removed from the room: ${reason}`));
}

function roomOf(event: Exclude<AnyEvent, Invited>): string {
  if ("roomId" in event) return event.roomId;
  return "message" in event ? event.message.roomId : event.room.roomId;
}
