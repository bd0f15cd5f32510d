/** What owners and moderators may do, in the server in memory. */

import type { Role } from "../api.ts";
import { ChatError } from "../errors.ts";
import type { Chore } from "../core/calls.ts";
import type {
  AnyEvent,
  AnyReply,
  CreateInvite,
  InviteMember,
  Member,
  Removed,
} from "../protocol/types.ts";
import type { Connection, ServerRoom } from "./room.ts";

export type Moderation = Exclude<Chore, { action: "createRoom" | "listRooms" | "signOut" }>;

/** What it needs of the server around it. */
export interface House {
  now(): number;
  push(room: ServerRoom, sender: Connection | undefined, event: AnyEvent): void;
  /** To every connection of a user, wherever it is. */
  tell(userId: string, event: AnyEvent): void;
  leave(room: ServerRoom, connection: Connection): void;
  remove(room: ServerRoom): void;
  newSecret(): string;
}

const RANKS: Readonly<Record<Role, number>> = { member: 1, moderator: 2, owner: 3 };

export function moderate(
  house: House,
  room: ServerRoom,
  connection: Connection,
  request: Moderation,
): AnyReply {
  const { userId: me } = connection.member;
  const { id: roomId } = room;
  switch (request.action) {
    case "deleteMessage":
      return deleteMessage(house, room, connection, request.seq);
    case "listRoles":
      if (request.banned) requireRank(room, me, "moderator");
      return { type: "roles", roomId, members: listed(room, request.banned ?? false) };
    case "setRole":
      requireRank(room, me, "owner");
      giveUp(room, request.userId, request.role);
      room.amend(request.userId, { role: request.role });
      return { type: "roleSet", roomId, member: changed(house, room, connection, request.userId) };
    case "updateRoom":
      requireRank(room, me, "owner");
      room.name = request.name ?? room.name;
      room.visibility = request.visibility ?? room.visibility;
      house.push(room, connection, { type: "roomChanged", room: room.info });
      return { type: "roomUpdated", room: room.info };
    case "deleteRoom":
      requireRank(room, me, "owner");
      house.push(room, connection, { type: "removed", roomId, reason: "deleted" });
      house.remove(room);
      return { type: "roomDeleted", roomId, complete: true };
    case "inviteMember":
    case "createInvite":
      return invite(house, room, connection, request);
    default:
      return keepOrder(house, room, connection, request);
  }
}

function invite(
  house: House,
  room: ServerRoom,
  { member }: Connection,
  request: InviteMember | CreateInvite,
): AnyReply {
  const { id: roomId } = room;
  requireRank(room, member.userId, "moderator");
  if (request.action === "inviteMember") {
    room.amend(request.userId, { role: "member" });
    house.tell(request.userId, { type: "invited", room: room.info, by: member });
    return { type: "memberInvited", roomId, userId: request.userId };
  }
  const { uses = 1, expiresInSeconds = 604_800 } = request;
  const secret = house.newSecret();
  room.invites.set(secret, uses);
  const expiresAt = new Date(house.now() + expiresInSeconds * 1_000).toISOString();
  return { type: "inviteCreated", roomId, invite: secret, expiresAt, uses };
}

type Order = Extract<
  Moderation,
  { action: "kickMember" | "banMember" | "unbanMember" | "muteMember" }
>;

function keepOrder(
  house: House,
  room: ServerRoom,
  connection: Connection,
  request: Order,
): AnyReply {
  const { userId } = request;
  const { id: roomId } = room;
  requireRank(room, connection.member.userId, "moderator");
  if (rank(room, connection.member.userId) <= rank(room, userId)) {
    throw new ChatError("forbidden", "only who stands above a user may do this to them");
  }
  switch (request.action) {
    case "kickMember":
      room.amend(userId, { role: undefined });
      putOut(house, room, userId, "kicked");
      return { type: "memberKicked", roomId, userId };
    case "banMember":
      room.amend(userId, { role: undefined, banned: true });
      putOut(house, room, userId, "banned");
      return { type: "memberBanned", roomId, userId };
    case "unbanMember":
      room.amend(userId, { banned: false });
      return { type: "memberUnbanned", roomId, userId };
    case "muteMember": {
      const until = new Date(house.now() + request.seconds * 1_000).toISOString();
      room.amend(userId, { mutedUntil: request.seconds > 0 ? until : undefined });
      return { type: "memberMuted", roomId, member: changed(house, room, connection, userId) };
    }
  }
}

/** Take every connection of a user out, and tell them why. */
export function putOut(
  house: House,
  room: ServerRoom,
  userId: string,
  reason: Removed["reason"],
  besides?: Connection,
): void {
  for (const connection of [...room.audience]) {
    if (connection.member.userId !== userId) continue;
    if (connection !== besides) connection.push({ type: "removed", roomId: room.id, reason });
    house.leave(room, connection);
  }
}

/** A room keeps one owner. */
export function giveUp(room: ServerRoom, userId: string, role?: Role): void {
  const owners = [...room.standings.values()].filter((standing) => standing.role === "owner");
  if (room.standings.get(userId)?.role === "owner" && role !== "owner" && owners.length === 1) {
    throw new ChatError("forbidden", "a room keeps one owner");
  }
}

function deleteMessage(
  house: House,
  room: ServerRoom,
  connection: Connection,
  seq: number,
): AnyReply {
  const { userId } = connection.member;
  const said = room.log.find((message) => message.seq === seq);
  if (!room.audience.has(connection)) throw new ChatError("not_a_member", "join the room first");
  if (said?.sender.userId !== userId) requireRank(room, userId, "moderator");
  const message = room.takeBack(seq, userId, house.now());
  if (!message) throw new ChatError("bad_request", "$.seq: there is no such message");
  house.push(room, connection, { type: "messageChanged", message });
  return { type: "messageDeleted", message };
}

function changed(house: House, room: ServerRoom, connection: Connection, userId: string): Member {
  const present = room.members.find((member) => member.userId === userId);
  const member = room.asSeen(present ?? { userId, name: userId });
  house.push(room, connection, { type: "memberChanged", roomId: room.id, member });
  return member;
}

function listed(room: ServerRoom, banned: boolean): Member[] {
  const people = [...room.standings].filter(([, standing]) =>
    banned ? standing.banned : standing.role !== undefined,
  );
  return people.map(([userId]) => room.asSeen({ userId, name: userId }));
}

function rank(room: ServerRoom, userId: string): number {
  const role = room.standings.get(userId)?.role;
  return role === undefined ? 0 : RANKS[role];
}

function requireRank(room: ServerRoom, userId: string, least: Role): void {
  if (rank(room, userId) < RANKS[least]) throw new ChatError("forbidden", "your role is missing");
}
