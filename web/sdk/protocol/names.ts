/** The protocol's rules for names and room ids. */

import { JOINERS, NAME_BREAKERS, NAME_LENGTH, ROOM_ID_PATTERN, VISIBLE } from "./constraints.ts";

/** Return whether *name* leaves a mark on the screen. */
export function isVisible(name: string): boolean {
  return VISIBLE.test(name);
}

/** Return whether the server accepts *name*, if the environment has the default limit. */
export function isName(name: string): boolean {
  const isShort = Array.from(name).length <= NAME_LENGTH;
  return isShort && isVisible(name) && !NAME_BREAKERS.test(name.replace(JOINERS, ""));
}

export function isRoomId(id: string): boolean {
  return new RegExp(`^${ROOM_ID_PATTERN}$`).test(id);
}
