/** The roles of members. A module of its own, because it is in the first chunk. */

import type { Member, Room } from "../../sdk/index.ts";

/** Return whether a user with this role may moderate: invite, delete messages, change settings. */
export function canModerate(role: Member["role"]): boolean {
  return role !== undefined;
}

/** Return the role that counts now. A muted user may only read, join and leave. */
export function activeRole(room: Pick<Room, "role" | "mutedUntil">): Member["role"] {
  return room.mutedUntil === undefined ? room.role : undefined;
}
