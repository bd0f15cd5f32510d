/** Where in the page one is: the part of the address after `#`. */

export interface RoomRoute {
  readonly view: "room";
  readonly roomId: string;
  /** Opens a private room to a new member; out of the address as soon as it is read. */
  readonly invite?: string;
}

export type Route = { readonly view: "rooms" } | RoomRoute;

const ROOM = /^#\/room\/([A-Za-z0-9_-]{1,64})\/?(?:\?invite=([A-Za-z0-9_-]{1,128}))?$/;

/** What an address shows; one that means nothing shows the rooms. */
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

/** The link that brings somebody else to a room; into a private one, with an invite. */
export function linkTo(roomId: string, page: string, invite?: string): string {
  const link = new URL(page);
  link.hash = hashOf({ view: "room", roomId, ...(invite !== undefined && { invite }) });
  return link.href;
}
