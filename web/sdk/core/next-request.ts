/** What there is to ask on a connection, the most urgent first. */

import type { Client } from "./client.ts";
import { roomOf } from "./calls.ts";
import type { Line, Wish } from "./connection.ts";
import type { Place } from "../room/room.ts";

/** Follows from what is wanted and what there is: a reconnect only changes what there is. */
export function* wishes(client: Client, line: Line, now: number): Generator<Wish> {
  if (!line.isWelcomed) {
    yield { frame: { action: "hello" } };
    return;
  }
  if (typeof line.renewal === "object") {
    yield { frame: { action: "renew", token: line.renewal.token } };
  }
  yield* entrances(client, line);
  if (line === client.current) yield* business(client, line);
  yield* exits(client, line);
  if (line.isPingDue(now)) yield { frame: { action: "ping" } };
}

function* entrances(client: Client, line: Line): Generator<Wish> {
  for (const place of client.places.values()) {
    const { id, isWanted, view } = place;
    // The connection that will take over enters what the other is in, and no more.
    const isItsTurn = line === client.current || client.isInside(place);
    if (isWanted && isItsTurn && !(line.inside.has(id) && view.epoch !== undefined)) {
      yield entrance(place);
    }
  }
}

function entrance(place: Place): Wish {
  const { id: roomId, view, creating } = place;
  if (creating) {
    const name = creating.name === undefined ? {} : { name: creating.name };
    return { place, frame: { action: "createRoom", roomId, ...name } };
  }
  const claim = view.epoch === undefined ? {} : { after: view.cursor, epoch: view.epoch };
  const invite = place.secret === undefined ? {} : { invite: place.secret };
  return { place, frame: { action: "joinRoom", roomId, ...claim, ...invite } };
}

function* business(client: Client, line: Line): Generator<Wish> {
  // Somebody waits for it, and it may be to sign out.
  yield* errands(client, line);
  const inside = [...client.places.values()].filter((place) => line.inside.has(place.id));
  for (const place of inside) {
    const { id: roomId, view } = place;
    if (place.behind) {
      yield { place, frame: { action: "getHistory", roomId, after: view.cursor } };
    }
  }
  for (const place of inside) {
    for (const entry of place.outbox.pending) yield message(place, entry);
  }
  for (const place of inside) {
    const { id: roomId, view } = place;
    if (place.loadingOlder) {
      yield { place, frame: { action: "getHistory", roomId, before: view.start } };
    }
    if (place.recounts) yield { place, frame: { action: "listMembers", roomId } };
    if (place.asksRole) yield { place, frame: { action: "listRoles", roomId } };
  }
}

function* errands(client: Client, line: Line): Generator<Wish> {
  for (const errand of client.errands.open) {
    const place = client.places.get(roomOf(errand) ?? "");
    // The one thing of these that is for who is in the room at present.
    if (errand.frame.action === "deleteMessage" && !line.inside.has(errand.frame.roomId)) continue;
    yield { ...(place && { place }), errand, frame: errand.frame };
  }
}

function message(place: Place, entry: NonNullable<Wish["entry"]>): Wish {
  const { clientMessageId, text } = entry;
  const frame = { action: "sendMessage", roomId: place.id, text, clientMessageId } as const;
  return { place, entry, frame };
}

function* exits(client: Client, line: Line): Generator<Wish> {
  for (const roomId of line.inside) {
    const place = client.places.get(roomId);
    const isGoing = place?.goesForGood && place.outbox.pending.length === 0;
    if (!place?.isWanted) {
      yield { ...(place && { place }), frame: { action: "leaveRoom", roomId } };
    } else if (isGoing && line === client.current) {
      yield { place, frame: { action: "leaveRoom", roomId, forGood: true } };
    }
  }
}
