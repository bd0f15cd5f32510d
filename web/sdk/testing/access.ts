/** Who may know of a room and come in, in the server in memory. */

import { ChatError } from "../errors.ts";
import type { AnyReply, ListRooms } from "../protocol/types.ts";
import type { Connection, ServerRoom } from "./room.ts";

/** The room, if the person may know of it. */
export function known(room: ServerRoom, { member }: Connection): ServerRoom {
  const { role } = room.standings.get(member.userId) ?? {};
  if (room.visibility === "private" && !role) throw new ChatError("room_not_found", "none");
  return room;
}

export function listRooms(
  rooms: ReadonlyMap<string, ServerRoom>,
  { member }: Connection,
  { which = "mine", cursor = "0", limit = 100 }: ListRooms,
): AnyReply {
  const all = [...rooms.values()].map((room) => {
    const { role } = room.standings.get(member.userId) ?? {};
    return { room: room.info, ...(role && { role }) };
  });
  const listed = all.filter(({ room, role }) =>
    which === "mine" ? role !== undefined : room.visibility !== "private",
  );
  const end = Number(cursor) + limit;
  const more = end < listed.length && { cursor: String(end) };
  return { type: "rooms", rooms: listed.slice(Number(cursor), end), ...more };
}

/** Let somebody in, who may have an invite. */
export function admit(
  room: ServerRoom,
  { member: { userId } }: Connection,
  invite = "",
): ServerRoom {
  const { role, banned } = room.standings.get(userId) ?? {};
  if (banned) throw new ChatError("forbidden", "you are banned from this room");
  if (room.visibility === "public" || role) return room;
  const uses = room.invites.get(invite) ?? 0;
  if (uses === 0) throw new ChatError("room_not_found", "there is no such room");
  room.invites.set(invite, uses - 1);
  room.amend(userId, { role: "member" });
  return room;
}
