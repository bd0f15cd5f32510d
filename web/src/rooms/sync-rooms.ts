/** Keeps the rooms of the chat and the remembered rooms alike, so that the tabs of one guest agree. */

import { isRemovalReason, type Chat, type Room, type SavedRoom } from "../../sdk/index.ts";
import { forgetInvite } from "./invite-links.ts";
import { forgetRoom, rememberedRooms, rememberRoom, type RememberedRoom } from "./room-memory.ts";
import { hashOf, parse } from "../lib/route.ts";
import type { Store } from "../lib/store.ts";
import { Unsent, unsentIn } from "./unsent-store.ts";

type Rooms = readonly RememberedRoom[];

/** Be in the remembered rooms, and remember what is entered; returns how to end it. */
export function followRooms(chat: Chat, store: Store): () => void {
  /** Forgotten, and still in the chat until the server has let go. */
  const leaving = new Set<string>();
  /** Entered since the chat began. */
  const inside = new Set<string>();
  const unsent = new Unsent(store);
  let before: Rooms = [];

  const follow = (): void => {
    const rooms = rememberedRooms(store);
    const [added, gone] = [without(rooms, before), without(before, rooms)];
    before = rooms;
    for (const { roomId } of gone) {
      leaving.add(roomId);
      leave(chat, roomId);
    }
    enter(chat, added, store);
  };
  const remember = (): void => {
    unsent.follow(chat);
    for (const roomId of leaving) if (!chat.rooms.has(roomId)) leaving.delete(roomId);
    for (const room of chat.rooms.values()) if (!leaving.has(room.id)) keep(room, inside, store);
    for (const roomId of inside) if (!chat.rooms.has(roomId)) forget(roomId);
  };
  /** Left on another device. */
  const forget = (roomId: string): void => {
    inside.delete(roomId);
    if (before.some((room) => room.roomId === roomId)) forgetRoom(store, roomId);
  };
  follow();
  remember();
  const ends = [store.subscribe(follow), chat.subscribe(remember)];
  return () => {
    for (const end of ends) end();
  };
}

/** Remember what was entered, and how one was put out; an invite has done what it could. */
function keep({ id, name, status, error }: Room, inside: Set<string>, store: Store): void {
  if (status === "joined") {
    inside.add(id);
    rememberRoom(store, { roomId: id, name });
  }
  if (error && isRemovalReason(error.code))
    rememberRoom(store, { roomId: id, name, removed: error.code });
  if (error || status === "joined") forgetInvite(store, id);
}

/** Enter what is not entered yet, the room in view first: it is what one waits for. */
function enter(chat: Chat, rooms: Rooms, store: Store): void {
  const missing = rooms.filter(({ roomId, removed }) => !removed && !chat.rooms.has(roomId));
  const current = missing.filter(({ roomId }) => roomId === roomInView());
  const ordered = [...current, ...without(missing, current)];
  const outgoing = ({ roomId }: RememberedRoom): SavedRoom => {
    return { roomId, outgoing: unsentIn(store, roomId) };
  };
  if (missing.length > 0) chat.resume(ordered.map(outgoing));
}

/** Leave what is still entered, and do not stay to look at it. */
function leave(chat: Chat, roomId: string): void {
  if (roomInView() === roomId) location.hash = hashOf({ view: "rooms" });
  if (chat.rooms.has(roomId)) chat.leaveRoom(roomId).catch(() => undefined);
}

/** The room in the address, which may be ahead of what is drawn. */
export function roomInView(): string | undefined {
  const route = parse(location.hash);
  return route.view === "room" ? route.roomId : undefined;
}

function without(rooms: Rooms, others: Rooms): Rooms {
  return rooms.filter(({ roomId }) => !others.some((other) => other.roomId === roomId));
}
