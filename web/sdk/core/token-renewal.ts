/** Keeps a connection beyond the end of its token, with a fresh one of the same user. */

import type { Line } from "./connection.ts";

/** Milliseconds until a token is asked for again that could not be had. */
const AGAIN_AFTER = 10_000;

/**
 * How far it is: not due, due and waiting for a token, with a token to send, or no way to go on.
 * What cannot be renewed is replaced, like the connection of a guest.
 */
export type Renewal = "possible" | "waiting" | "spent" | { readonly token: string };

/** Ask for a token when it is time; *changed* when it is there, or cannot be had. */
export function renewWhenDue(
  line: Line,
  now: number,
  token: () => Promise<string | undefined>,
  changed: () => void,
): void {
  if (line.renewal !== "possible" || now < line.renewsAt) return;
  line.renewal = "waiting";
  token().then(
    (fresh) => {
      line.renewal = fresh === undefined ? "spent" : { token: fresh };
      changed();
    },
    () => {
      line.renewal = "possible";
      line.renewsAt = now + AGAIN_AFTER;
      changed();
    },
  );
}
