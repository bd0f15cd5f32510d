/** The calls about a room, in the fake server: roles, removals, mutes, invites, deletions. */

import type { Role } from "../api.ts";
import { ChatError } from "../errors.ts";
import type { CallRequest } from "../requests/calls.ts";
import type { AnyReply, Member, Removed } from "../protocol/types.ts";
import { handleInviteCall, isInviteCall } from "./invites.ts";
import { rank, requireRank } from "./ranks.ts";
import type { RoomServer, ServerConnection, ServerRoom } from "./room.ts";

export type RoomCall = Exclude<CallRequest, { action: "createRoom" | "listRooms" | "signOut" }>;

/** Carry out a call about *room*, and return the reply. */
export function handleRoomCall(
  server: RoomServer,
  room: ServerRoom,
  connection: ServerConnection,
  request: RoomCall,
): AnyReply {
  if (isInviteCall(request)) return handleInviteCall(server, room, connection, request);
  const { userId: me } = connection.member;
  const { id: roomId } = room;
  switch (request.action) {
    case "deleteMessage":
      return deleteMessage(server, room, connection, request.seq);
    case "listRoles":
      if (request.banned) requireRank(room, me, "moderator");
      return { type: "roles", roomId, members: listed(room, request.banned ?? false) };
    case "setRole":
      requireRank(room, me, "owner");
      requireAnotherOwner(room, request.userId, request.role);
      requireOwnRole(room, me, request.userId);
      room.updateMembership(request.userId, { role: request.role });
      return { type: "roleSet", roomId, member: changed(server, room, connection, request.userId) };
    case "updateRoom":
      requireRank(room, me, "owner");
      room.name = request.name ?? room.name;
      room.visibility = request.visibility ?? room.visibility;
      server.push(room, connection, { type: "roomChanged", room: room.info });
      return { type: "roomUpdated", room: room.info };
    case "deleteRoom":
      requireRank(room, me, "owner");
      server.push(room, connection, { type: "removed", roomId, reason: "deleted" });
      server.removeRoom(room);
      return { type: "roomDeleted", roomId, complete: true };
    default:
      return moderateMember(server, room, connection, request);
  }
}

type MemberCall = Extract<
  RoomCall,
  { action: "kickMember" | "banMember" | "unbanMember" | "muteMember" }
>;

function moderateMember(
  server: RoomServer,
  room: ServerRoom,
  connection: ServerConnection,
  request: MemberCall,
): AnyReply {
  const { userId } = request;
  const { id: roomId } = room;
  requireRank(room, connection.member.userId, "moderator");
  if (rank(room, connection.member.userId) <= rank(room, userId)) {
    throw new ChatError("forbidden", "this requires a higher role than the user's");
  }
  switch (request.action) {
    case "kickMember":
      room.updateMembership(userId, { role: undefined });
      removeUser(server, room, userId, "kicked");
      return { type: "memberKicked", roomId, userId };
    case "banMember":
      room.updateMembership(userId, { role: undefined, banned: true });
      removeUser(server, room, userId, "banned");
      return { type: "memberBanned", roomId, userId };
    case "unbanMember":
      room.updateMembership(userId, { banned: false });
      return { type: "memberUnbanned", roomId, userId };
    case "muteMember": {
      const until = new Date(server.now() + request.seconds * 1_000).toISOString();
      room.updateMembership(userId, { mutedUntil: request.seconds > 0 ? until : undefined });
      return { type: "memberMuted", roomId, member: changed(server, room, connection, userId) };
    }
  }
}

/** Remove all connections of a user from the room, and push the reason to them. */
export function removeUser(
  server: RoomServer,
  room: ServerRoom,
  userId: string,
  reason: Removed["reason"],
  sender?: ServerConnection,
): void {
  for (const connection of [...room.subscribers]) {
    if (connection.member.userId !== userId) continue;
    if (connection !== sender) connection.push({ type: "removed", roomId: room.id, reason });
    server.leave(room, connection);
  }
}

/** Raise `forbidden` if the user is the last owner and would lose that role. */
export function requireAnotherOwner(room: ServerRoom, userId: string, role?: Role): void {
  const owners = [...room.memberships.values()].filter(({ role }) => role === "owner");
  const isOwner = room.memberships.get(userId)?.role === "owner";
  if (isOwner && role !== "owner" && owners.length === 1) {
    throw new ChatError("forbidden", "a room keeps one owner");
  }
}

/** Raise `forbidden` if the role belongs to another owner. */
function requireOwnRole(room: ServerRoom, me: string, userId: string): void {
  if (userId === me || rank(room, userId) < rank(room, me)) return;
  throw new ChatError("forbidden", "only owners themselves step down");
}

function deleteMessage(
  server: RoomServer,
  room: ServerRoom,
  connection: ServerConnection,
  seq: number,
): AnyReply {
  const { userId } = connection.member;
  const original = room.log.find((message) => message.seq === seq);
  if (!room.subscribers.has(connection)) throw new ChatError("not_a_member", "join the room first");
  if (original?.sender.userId !== userId) requireRank(room, userId, "moderator");
  const message = room.deleteMessage(seq, userId, server.now());
  if (!message) throw new ChatError("bad_request", "$.seq: there is no such message");
  server.push(room, connection, { type: "messageChanged", message });
  return { type: "messageDeleted", message };
}

function changed(
  server: RoomServer,
  room: ServerRoom,
  connection: ServerConnection,
  userId: string,
): Member {
  const present = room.members.find((member) => member.userId === userId);
  const member = room.withMembership(present ?? { userId, name: userId });
  server.push(room, connection, { type: "memberChanged", roomId: room.id, member });
  return member;
}

function listed(room: ServerRoom, banned: boolean): Member[] {
  const listed = [...room.memberships].filter(([, membership]) =>
    banned ? membership.banned : membership.role !== undefined,
  );
  return listed.map(([userId]) => room.withMembership({ userId, name: userId }));
}
