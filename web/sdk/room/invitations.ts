/** The rooms that one was invited to and has not entered since. */

import type { Invitation } from "../api.ts";
import type { Place } from "./room.ts";
import type { Invited } from "../protocol/types.ts";

export class Invitations {
  /** The oldest first; replaced on change. */
  all: readonly Invitation[] = [];

  /** Take one up, unless one is there already. */
  add({ room: { roomId, name }, by }: Invited, places: ReadonlyMap<string, Place>): void {
    this.drop(roomId);
    const place = places.get(roomId);
    if (!place || place.error) this.all = [...this.all, { roomId, name, by }];
  }

  drop(roomId: string): void {
    if (!this.all.some((one) => one.roomId === roomId)) return;
    this.all = this.all.filter((one) => one.roomId !== roomId);
  }
}
