/** What people type where the address of a room is asked for. */

import { parse, type RoomRoute } from "../lib/route.ts";

const ROOM_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The room that somebody means who typed its id or pasted a link to it. */
export function roomIn(typed: string): RoomRoute | undefined {
  const text = typed.trim();
  if (isRoomId(text)) return { view: "room", roomId: text };
  const mark = text.indexOf("#");
  const route = parse(mark < 0 ? "" : text.slice(mark));
  return route.view === "room" ? route : undefined;
}

export function isRoomId(text: string): boolean {
  return ROOM_ID.test(text);
}

/** An id that says what the room is called, as far as ids can; may be empty. */
export function suggestId(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
}
