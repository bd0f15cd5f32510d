/** Who has a say in a room. */

import type { Member } from "../../sdk/index.ts";

export function keepsOrder(role: Member["role"]): boolean {
  return role !== undefined;
}
