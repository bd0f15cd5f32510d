/** The calls about invites, in the fake server. */

import type {
  AnyReply,
  CreateInvite,
  Invite,
  InviteMember,
  ListInvites,
  RevokeInvite,
} from "../protocol/types.ts";
import { requireRank } from "./ranks.ts";
import type { RoomServer, ServerConnection, ServerRoom } from "./room.ts";

export type InviteCall = InviteMember | CreateInvite | ListInvites | RevokeInvite;

export function isInviteCall(request: { readonly action: string }): request is InviteCall {
  return ["inviteMember", "createInvite", "listInvites", "revokeInvite"].includes(request.action);
}

/** Carry out a call about invites, and return the reply. */
export function handleInviteCall(
  server: RoomServer,
  room: ServerRoom,
  { member }: ServerConnection,
  request: InviteCall,
): AnyReply {
  const { id: roomId } = room;
  requireRank(room, member.userId, "moderator");
  switch (request.action) {
    case "inviteMember":
      room.updateMembership(request.userId, { role: "member" });
      server.pushToUser(request.userId, { type: "invited", room: room.info, by: member });
      return { type: "memberInvited", roomId, userId: request.userId };
    case "createInvite":
      return createInvite(server, room, member.userId, request);
    case "listInvites":
      return { type: "invites", roomId, invites: openInvites(room, server.now()) };
    case "revokeInvite":
      for (const [secret, { inviteId }] of room.invites) {
        if (inviteId === request.inviteId) room.invites.delete(secret);
      }
      return { type: "inviteRevoked", roomId, inviteId: request.inviteId };
  }
}

function createInvite(
  server: RoomServer,
  room: ServerRoom,
  createdBy: string,
  { uses = 1, expiresInSeconds = 604_800 }: CreateInvite,
): AnyReply {
  const invite = server.newSecret();
  const expiresAt = new Date(server.now() + expiresInSeconds * 1_000).toISOString();
  const open = { inviteId: `id-of-${invite}`, createdBy, expiresAt, uses };
  room.invites.set(invite, open);
  const { inviteId } = open;
  return { type: "inviteCreated", roomId: room.id, inviteId, invite, expiresAt, uses };
}

function openInvites(room: ServerRoom, now: number): readonly Invite[] {
  return [...room.invites.values()].filter(
    ({ uses, expiresAt }) => uses > 0 && Date.parse(expiresAt) > now,
  );
}
