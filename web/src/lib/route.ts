/** The view of the page, in the part of the address after `#`. */

import { ROOM_ID_PATTERN } from "../../sdk/index.ts";

export interface RoomRoute {
  readonly view: "room";
  readonly roomId: string;
  /** Makes the user a member of a private room. The page removes it from the address at once. */
  readonly invite?: string;
}

export type Route = { readonly view: "rooms" } | RoomRoute;

const ROOM = new RegExp(`^#/room/(${ROOM_ID_PATTERN})/?(?:\\?invite=([A-Za-z0-9_-]{1,128}))?$`);

/** Return the view of an address. An unknown address shows the rooms. */
export function parse(hash: string): Route {
  const [, roomId, invite] = ROOM.exec(hash) ?? [];
  if (roomId === undefined) return { view: "rooms" };
  return { view: "room", roomId, ...(invite !== undefined && { invite }) };
}

export function hashOf(route: Route): string {
  if (route.view === "rooms") return "#/";
  const query = route.invite === undefined ? "" : `?invite=${route.invite}`;
  return `#/room/${route.roomId}${query}`;
}

/** Return the link to a room. A link to a private room needs an invite. */
export function linkTo(roomId: string, page: string, invite?: string): string {
  const link = new URL(page);
  link.hash = hashOf({ view: "room", roomId, ...(invite !== undefined && { invite }) });
  return link.href;
}
