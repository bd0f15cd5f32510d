/** Which rooms a user may see and join, in the fake server. */

import { ChatError } from "../errors.ts";
import type { AnyReply, ListRooms } from "../protocol/types.ts";
import { hasRank } from "./ranks.ts";
import type { ServerConnection, ServerRoom } from "./room.ts";

/** Return the room. Raises `room_not_found` if it is private and the user is no member. */
export function requireVisible(room: ServerRoom, { member }: ServerConnection): ServerRoom {
  const { role } = room.memberships.get(member.userId) ?? {};
  if (room.visibility === "private" && !role) throw new ChatError("room_not_found", "none");
  return room;
}

export function listRooms(
  rooms: ReadonlyMap<string, ServerRoom>,
  { member }: ServerConnection,
  { which = "mine", cursor = "0", limit = 100 }: ListRooms,
): AnyReply {
  const all = [...rooms.values()].map((room) => {
    const { role } = room.memberships.get(member.userId) ?? {};
    return { room: room.info, ...(role && { role }) };
  });
  const listed = all.filter(({ room, role }) =>
    which === "mine" ? role !== undefined : room.visibility !== "private",
  );
  const end = Number(cursor) + limit;
  const more = end < listed.length && { cursor: String(end) };
  return { type: "rooms", rooms: listed.slice(Number(cursor), end), ...more };
}

/** Return the room if the user may join it. An invite makes the user a member, and loses a use. */
export function requireJoinable(
  room: ServerRoom,
  { member: { userId } }: ServerConnection,
  invite = "",
): ServerRoom {
  const { role, banned } = room.memberships.get(userId) ?? {};
  if (banned) throw new ChatError("forbidden", "you are banned from this room");
  if (room.visibility === "public" || role) return room;
  const open = room.invites.get(invite);
  if (!open || open.uses === 0 || !hasRank(room, open.createdBy, "moderator")) {
    throw new ChatError("room_not_found", "there is no such room");
  }
  room.invites.set(invite, { ...open, uses: open.uses - 1 });
  room.updateMembership(userId, { role: "member" });
  return room;
}
