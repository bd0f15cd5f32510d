/** What one's role lets one do to others; the server has the last word. */

import type { Member } from "../../sdk/index.ts";

export type Deed =
  "makeOwner" | "makeModerator" | "makeMember" | "mute" | "unmute" | "kick" | "ban";

type Role = Member["role"];

/** What somebody of that role may do to somebody else; owners are beyond all but their role. */
export function deedsOn(mine: Role, target: Member, now: number): readonly Deed[] {
  if (mine === undefined || (mine === "moderator" && target.role !== undefined)) return [];
  const order: Deed[] = target.role === "owner" ? [] : [silence(target, now), "kick", "ban"];
  return mine === "owner" ? [...roles(target.role), ...order] : order;
}

/** Whether somebody may not speak at present. */
export function isMuted({ mutedUntil }: Member, now: number): boolean {
  return mutedUntil !== undefined && Date.parse(mutedUntil) > now;
}

function roles(role: Role): readonly Deed[] {
  if (role === "owner") return ["makeModerator", "makeMember"];
  return role === "moderator" ? ["makeOwner", "makeMember"] : ["makeModerator", "makeOwner"];
}

function silence(target: Member, now: number): Deed {
  return isMuted(target, now) ? "unmute" : "mute";
}
