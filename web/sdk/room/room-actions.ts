/** The methods of a room that make one call: about its members, its messages and the room itself. */

import type { Room } from "../api.ts";
import type { Replies } from "../protocol/types.ts";
import type { CallRequest } from "../requests/calls.ts";

/** The part of the client that the actions need. */
export interface Caller {
  /** Sends a request. Resolves to its reply. */
  call<Frame extends CallRequest>(frame: Frame): Promise<Replies[Frame["action"]]>;
  /** Removes a room that this user has deleted. */
  removeRoom(roomId: string): void;
}

export type RoomActions = Pick<
  Room,
  | "invite"
  | "createInvite"
  | "listInvites"
  | "revokeInvite"
  | "setRole"
  | "kick"
  | "ban"
  | "unban"
  | "mute"
  | "listRoles"
  | "deleteMessage"
  | "update"
  | "delete"
>;

/** Return the actions of one room. Each resolves when the server has carried it out. */
export function roomActions(roomId: string, caller: Caller): RoomActions {
  const act = async (frame: CallRequest): Promise<void> => {
    await caller.call(frame);
  };
  return {
    invite: (userId, name) =>
      act({ action: "inviteMember", roomId, userId, ...(name !== undefined && { name }) }),
    async createInvite(options = {}) {
      const reply = await caller.call({ action: "createInvite", roomId, ...options });
      const { inviteId, invite, uses } = reply;
      return { inviteId, invite, expiresAt: Date.parse(reply.expiresAt), uses };
    },
    async listInvites(options = {}) {
      const reply = await caller.call({ action: "listInvites", roomId, ...options });
      const entries = reply.invites.map((invite) => ({
        ...invite,
        expiresAt: Date.parse(invite.expiresAt),
      }));
      return { entries, cursor: reply.cursor };
    },
    revokeInvite: (inviteId) => act({ action: "revokeInvite", roomId, inviteId }),
    setRole: (userId, role) => act({ action: "setRole", roomId, userId, role }),
    kick: (userId) => act({ action: "kickMember", roomId, userId }),
    ban: (userId) => act({ action: "banMember", roomId, userId }),
    unban: (userId) => act({ action: "unbanMember", roomId, userId }),
    mute: (userId, seconds) => act({ action: "muteMember", roomId, userId, seconds }),
    async listRoles(options = {}) {
      const reply = await caller.call({ action: "listRoles", roomId, ...options });
      return { entries: reply.members, cursor: reply.cursor };
    },
    deleteMessage: (seq) => act({ action: "deleteMessage", roomId, seq }),
    update: (change) => act({ action: "updateRoom", roomId, ...change }),
    async delete() {
      // A long room is deleted in several requests.
      for (let complete = false; !complete;) {
        ({ complete } = await caller.call({ action: "deleteRoom", roomId }));
      }
      caller.removeRoom(roomId);
    },
  };
}
