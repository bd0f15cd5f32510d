/** The roles of members. A module of its own, because it is in the first chunk. */

import type { Member } from "../../sdk/index.ts";

/** Return whether a user with this role may moderate: invite, delete messages, change settings. */
export function canModerate(role: Member["role"]): boolean {
  return role !== undefined;
}
