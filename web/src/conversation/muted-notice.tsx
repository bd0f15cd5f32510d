/** Says that one may not speak, and until when. */

import type { VNode } from "preact";

import { untilWhen } from "../lib/until.ts";

export function Muted({ until }: { readonly until: number }): VNode {
  return <>You are muted {untilWhen(until)}. You can read on.</>;
}
