/** Stores the user's rooms, the last read message of each, and the drafts. */

import type { RemovalReason } from "../../sdk/index.ts";
import { isNumber, isString, type Store } from "../lib/store.ts";

export interface RememberedRoom {
  readonly roomId: string;
  readonly name: string;
  /** The reason if the user was removed. The page does not join such a room automatically. */
  readonly removed?: RemovalReason;
}

const ROOMS = "rooms";

/** Return the rooms of the last visit, in the order in which the user joined them. */
export function rememberedRooms(store: Store): readonly RememberedRoom[] {
  return store.read(ROOMS, isRooms) ?? [];
}

/** Store a room, or the new name or state of a room. */
export function rememberRoom(store: Store, room: RememberedRoom): void {
  const rooms = rememberedRooms(store);
  const known = rooms.find(({ roomId }) => roomId === room.roomId);
  if (known?.name === room.name && known.removed === room.removed) return;
  store.write(
    ROOMS,
    known ? rooms.map((other) => (other === known ? room : other)) : [...rooms, room],
  );
}

/** Return why the user was removed from a room. Undefined if the user is not removed. */
export function removalReason(store: Store, roomId: string): RemovalReason | undefined {
  return rememberedRooms(store).find((room) => room.roomId === roomId)?.removed;
}

export function forgetRoom(store: Store, roomId: string): void {
  const rooms = rememberedRooms(store).filter((room) => room.roomId !== roomId);
  store.write(ROOMS, rooms);
  store.remove(`read.${roomId}`);
  store.remove(`draft.${roomId}`);
  store.removeAll(`unsent.${roomId}.`);
}

/** Return the seq of the last read message. Undefined before the first visit. */
export function lastRead(store: Store, roomId: string): number | undefined {
  return store.read(`read.${roomId}`, isNumber);
}

/** Store the seq of the last read message, if it is higher than the stored seq of other tabs. */
export function markRead(store: Store, roomId: string, seq: number): void {
  const before = lastRead(store, roomId);
  if (before === undefined || seq > before) store.write(`read.${roomId}`, seq);
}

/** Forget the last read message of a room that was created again, because its seqs start again. */
export function forgetReading(store: Store, roomId: string): void {
  store.remove(`read.${roomId}`);
}

export function draftOf(store: Store, roomId: string): string {
  return store.read(`draft.${roomId}`, isString) ?? "";
}

export function saveDraft(store: Store, roomId: string, text: string): void {
  if (text === draftOf(store, roomId)) return;
  if (text === "") store.remove(`draft.${roomId}`);
  else store.write(`draft.${roomId}`, text);
}

function isRooms(value: unknown): value is readonly RememberedRoom[] {
  return Array.isArray(value) && value.every(isRoom);
}

function isRoom(value: unknown): value is RememberedRoom {
  if (typeof value !== "object" || value === null) return false;
  const { roomId, name } = value as Partial<Record<keyof RememberedRoom, unknown>>;
  return typeof roomId === "string" && typeof name === "string";
}
