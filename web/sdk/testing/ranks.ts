/** The ranks of the roles, in the fake server. */

import type { Role } from "../api.ts";
import { ChatError } from "../errors.ts";
import type { ServerRoom } from "./room.ts";

const RANKS: Readonly<Record<Role, number>> = { member: 1, moderator: 2, owner: 3 };

/** Return the rank of a user's role, or 0 without a role. */
export function rank(room: ServerRoom, userId: string): number {
  const role = room.memberships.get(userId)?.role;
  return role === undefined ? 0 : RANKS[role];
}

export function hasRank(room: ServerRoom, userId: string, least: Role): boolean {
  return rank(room, userId) >= RANKS[least];
}

export function requireRank(room: ServerRoom, userId: string, least: Role): void {
  if (!hasRank(room, userId, least)) throw new ChatError("forbidden", "your role is missing");
}
