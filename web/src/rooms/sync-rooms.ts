/** Keeps the rooms of the chat and the stored rooms equal, so that all tabs show the same rooms. */

import { isRemovalReason, type Chat, type Room, type SavedRoom } from "../../sdk/index.ts";
import { forgetInvite } from "./invite-links.ts";
import { forgetRoom, rememberedRooms, rememberRoom, type RememberedRoom } from "./room-memory.ts";
import { hashOf, parse } from "../lib/route.ts";
import type { Store } from "../lib/store.ts";
import { UnsentStore, unsentIn } from "./unsent-store.ts";

type Rooms = readonly RememberedRoom[];

/** Join the stored rooms, and store the rooms that the user joins. Return a function that stops. */
export function syncRooms(chat: Chat, store: Store): () => void {
  /** Rooms that were forgotten and stay in the chat until the server has replied. */
  const leaving = new Set<string>();
  /** Rooms that the user has joined since the chat started. */
  const joined = new Set<string>();
  const unsent = new UnsentStore(store);
  let before: Rooms = [];

  const applyStore = (): void => {
    const rooms = rememberedRooms(store);
    const [added, gone] = [without(rooms, before), without(before, rooms)];
    before = rooms;
    for (const { roomId } of gone) {
      leaving.add(roomId);
      leave(chat, roomId);
    }
    joinMissing(chat, added, store);
  };
  const applyChat = (): void => {
    unsent.update(chat);
    for (const roomId of leaving) if (!chat.rooms.has(roomId)) leaving.delete(roomId);
    for (const room of chat.rooms.values())
      if (!leaving.has(room.id)) saveRoom(room, joined, store);
    for (const roomId of joined) if (!chat.rooms.has(roomId)) forget(roomId);
  };
  /** Forget a room that the user has left on another device. */
  const forget = (roomId: string): void => {
    joined.delete(roomId);
    if (before.some((room) => room.roomId === roomId)) forgetRoom(store, roomId);
  };
  applyStore();
  applyChat();
  const ends = [store.subscribe(applyStore), chat.subscribe(applyChat)];
  return () => {
    for (const end of ends) end();
  };
}

/** Store a joined room or a removal, and forget an invite that was used or rejected. */
function saveRoom({ id, name, status, error }: Room, joined: Set<string>, store: Store): void {
  if (status === "joined") {
    joined.add(id);
    rememberRoom(store, { roomId: id, name });
  }
  if (error && isRemovalReason(error.code))
    rememberRoom(store, { roomId: id, name, removed: error.code });
  if (error || status === "joined") forgetInvite(store, id);
}

/** Join the missing rooms, the room in view first, because the user waits for it. */
function joinMissing(chat: Chat, rooms: Rooms, store: Store): void {
  const missing = rooms.filter(({ roomId, removed }) => !removed && !chat.rooms.has(roomId));
  const current = missing.filter(({ roomId }) => roomId === roomInView());
  const ordered = [...current, ...without(missing, current)];
  const outgoing = ({ roomId }: RememberedRoom): SavedRoom => {
    return { roomId, outgoing: unsentIn(store, roomId) };
  };
  if (missing.length > 0) chat.resume(ordered.map(outgoing));
}

/** Leave a room, and show the list of rooms if it was in view. */
function leave(chat: Chat, roomId: string): void {
  showRoomsInsteadOf(roomId);
  if (chat.rooms.has(roomId)) chat.leaveRoom(roomId).catch(() => undefined);
}

/** Show the list of rooms if a room is in view. */
export function showRoomsInsteadOf(roomId: string): void {
  if (roomInView() === roomId) location.hash = hashOf({ view: "rooms" });
}

/** Return the room in the address. The rendered room may be an earlier one. */
export function roomInView(): string | undefined {
  const route = parse(location.hash);
  return route.view === "room" ? route.roomId : undefined;
}

function without(rooms: Rooms, others: Rooms): Rooms {
  return rooms.filter(({ roomId }) => !others.some((other) => other.roomId === roomId));
}
