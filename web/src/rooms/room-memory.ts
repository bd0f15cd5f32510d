/** The rooms one is in, how far one has read there, and what one was about to say. */

import type { RemovalReason } from "../../sdk/index.ts";
import { isNumber, isString, type Store } from "../lib/store.ts";

export interface RememberedRoom {
  readonly roomId: string;
  readonly name: string;
  /** Somebody has put one out: it is not entered again unasked. */
  readonly removed?: RemovalReason;
}

const ROOMS = "rooms";

/** The rooms of the last visit, in the order in which they were entered. */
export function rememberedRooms(store: Store): readonly RememberedRoom[] {
  return store.read(ROOMS, isRooms) ?? [];
}

/** Remember a room, or its new name. */
export function rememberRoom(store: Store, room: RememberedRoom): void {
  const rooms = rememberedRooms(store);
  const known = rooms.find(({ roomId }) => roomId === room.roomId);
  if (known?.name === room.name && known.removed === room.removed) return;
  store.write(ROOMS, known ? rooms.map((one) => (one === known ? room : one)) : [...rooms, room]);
}

/** How one was put out of a room, if one was and has not come back. */
export function wasRemoved(store: Store, roomId: string): RemovalReason | undefined {
  return rememberedRooms(store).find((room) => room.roomId === roomId)?.removed;
}

export function forgetRoom(store: Store, roomId: string): void {
  const rooms = rememberedRooms(store).filter((room) => room.roomId !== roomId);
  store.write(ROOMS, rooms);
  store.remove(`read.${roomId}`);
  store.remove(`draft.${roomId}`);
  store.removeAll(`unsent.${roomId}.`);
}

/** The seq up to which the room is read; undefined before it was ever seen. */
export function lastRead(store: Store, roomId: string): number | undefined {
  return store.read(`read.${roomId}`, isNumber);
}

/** Reading only goes on: a tab that lags behind makes nothing unread again. */
export function markRead(store: Store, roomId: string, seq: number): void {
  const before = lastRead(store, roomId);
  if (before === undefined || seq > before) store.write(`read.${roomId}`, seq);
}

/** The room has begun anew under its old id, and its seqs with it. */
export function forgetReading(store: Store, roomId: string): void {
  store.remove(`read.${roomId}`);
}

export function draftOf(store: Store, roomId: string): string {
  return store.read(`draft.${roomId}`, isString) ?? "";
}

export function keepDraft(store: Store, roomId: string, text: string): void {
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
