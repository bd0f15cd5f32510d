/** Invites from links. The store keeps them until the user has joined the room. */

import { hashOf, parse } from "../lib/route.ts";
import { isString, type Store } from "../lib/store.ts";

const NAME = "invite.";

/**
 * Move the invite from the address to the store.
 *
 * The invite is a secret. It must not stay in the history or in an address that users copy.
 */
export function takeInvite(store: Store): void {
  const route = parse(location.hash);
  if (route.view !== "room" || route.invite === undefined) return;
  store.write(NAME + route.roomId, route.invite);
  history.replaceState(history.state, "", hashOf({ view: "room", roomId: route.roomId }));
}

export function inviteTo(store: Store, roomId: string): string | undefined {
  return store.read(NAME + roomId, isString);
}

/** Forget an invite after it was used or rejected. */
export function forgetInvite(store: Store, roomId: string): void {
  if (inviteTo(store, roomId) !== undefined) store.remove(NAME + roomId);
}
