/** Reads the room from what the user types, and suggests ids for new rooms. */

import { isRoomId } from "../../sdk/index.ts";
import { parse, type RoomRoute } from "../lib/route.ts";

/** Return the room of a typed id or a pasted link. */
export function roomIn(typed: string): RoomRoute | undefined {
  const text = typed.trim();
  if (isRoomId(text)) return { view: "room", roomId: text };
  const mark = text.indexOf("#");
  const route = parse(mark < 0 ? "" : text.slice(mark));
  return route.view === "room" ? route : undefined;
}

/** Return an id that resembles the name of the room. It may be empty. */
export function suggestId(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40);
}
