/** Where in the page one is: the part of the address after `#`. */

export type Route = { readonly view: "rooms" } | { readonly view: "room"; readonly roomId: string };

const ROOM = /^#\/room\/([A-Za-z0-9_-]{1,64})\/?$/;
const ROOM_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** What an address shows; one that means nothing shows the rooms. */
export function parse(hash: string): Route {
  const roomId = ROOM.exec(hash)?.[1];
  return roomId === undefined ? { view: "rooms" } : { view: "room", roomId };
}

export function hashOf(route: Route): string {
  return route.view === "room" ? `#/room/${route.roomId}` : "#/";
}

/** The link that brings somebody else to a room. */
export function linkTo(roomId: string, page: string): string {
  const link = new URL(page);
  link.hash = hashOf({ view: "room", roomId });
  return link.href;
}

/** The room that somebody means who typed its id or pasted a link to it. */
export function roomIdIn(typed: string): string | undefined {
  const text = typed.trim();
  if (ROOM_ID.test(text)) return text;
  const mark = text.indexOf("#");
  const route = parse(mark < 0 ? "" : text.slice(mark));
  return route.view === "room" ? route.roomId : undefined;
}

/** An id that says what the room is called, as far as ids can; may be empty. */
export function suggestId(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
}
