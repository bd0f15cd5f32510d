/** The rooms that this user was invited to and has not joined since. */

import type { Invitation } from "../api.ts";
import type { Invited } from "../protocol/types.ts";
import type { LiveRoom } from "./room.ts";

export class Invitations {
  /** The oldest first. Replaced on change. */
  all: readonly Invitation[] = [];

  /** Add an invitation, unless the user is in the room or is joining it. */
  add({ room: { roomId, name }, by }: Invited, rooms: ReadonlyMap<string, LiveRoom>): void {
    this.remove(roomId);
    const room = rooms.get(roomId);
    if (!room || room.error) this.all = [...this.all, { roomId, name, by }];
  }

  remove(roomId: string): void {
    if (!this.all.some((invitation) => invitation.roomId === roomId)) return;
    this.all = this.all.filter((invitation) => invitation.roomId !== roomId);
  }
}
