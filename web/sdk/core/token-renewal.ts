/** Keeps a connection open beyond the end of its token, with another token of the same user. */

import type { Connection } from "./connection.ts";

/** Milliseconds until the token source is asked again after it failed. */
const RETRY_AFTER = 10_000;

/** Request a token when that is due. Calls *changed* when there is a token, or when there is none. */
export function renewWhenDue(
  connection: Connection,
  now: number,
  token: () => Promise<string | undefined>,
  changed: () => void,
): void {
  if (connection.renewal !== "possible" || now < connection.renewAt) return;
  connection.renewal = "waiting";
  token().then(
    (fresh) => {
      connection.renewal = fresh === undefined ? "impossible" : { token: fresh };
      changed();
    },
    () => {
      connection.renewal = "possible";
      connection.renewAt = now + RETRY_AFTER;
      changed();
    },
  );
}
