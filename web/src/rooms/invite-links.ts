/** Invites that came with a link: kept here until the room is entered, and not in the address. */

import { hashOf, parse } from "../lib/route.ts";
import { isString, type Store } from "../lib/store.ts";

const NAME = "invite.";

/** Take the secret out of the address bar, and so out of the history and of what people copy. */
export function takeInvite(store: Store): void {
  const route = parse(location.hash);
  if (route.view !== "room" || route.invite === undefined) return;
  store.write(NAME + route.roomId, route.invite);
  history.replaceState(history.state, "", hashOf({ view: "room", roomId: route.roomId }));
}

export function inviteTo(store: Store, roomId: string): string | undefined {
  return store.read(NAME + roomId, isString);
}

/** It has opened the room, or does not. */
export function forgetInvite(store: Store, roomId: string): void {
  if (inviteTo(store, roomId) !== undefined) store.remove(NAME + roomId);
}
