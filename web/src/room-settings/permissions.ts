/** The actions that a role allows. The server checks them again. */

import type { Member } from "../../sdk/index.ts";
import { canModerate } from "../lib/roles.ts";

export type MemberAction =
  "makeOwner" | "makeModerator" | "makeMember" | "mute" | "unmute" | "kick" | "ban";

type Role = Member["role"];

/** Return the actions that a user with the role *own* may take on another member of lower rank. */
export function actionsOn(own: Role, target: Member, now: number): readonly MemberAction[] {
  if (!canModerate(own) || target.role === "owner") return [];
  if (own === "moderator" && canModerate(target.role)) return [];
  const moderation: MemberAction[] = [muteAction(target, now), "kick", "ban"];
  return own === "owner" ? [...roleActions(target.role), ...moderation] : moderation;
}

/** Return whether a member may not send messages at the time *now*. */
export function isMuted({ mutedUntil }: Member, now: number): boolean {
  return mutedUntil !== undefined && Date.parse(mutedUntil) > now;
}

function roleActions(role: Role): readonly MemberAction[] {
  return role === "moderator" ? ["makeOwner", "makeMember"] : ["makeModerator", "makeOwner"];
}

function muteAction(target: Member, now: number): MemberAction {
  return isMuted(target, now) ? "unmute" : "mute";
}
