/** Keeps the tokens fresh, one tab at a time. */

import type { TokenSource } from "../../sdk/index.ts";
import { renewed, signInEnded, tokensOf, type Tokens } from "../state/account.ts";
import type { Street } from "../state/door.ts";
import { Over } from "./trouble.ts";

/** Milliseconds that a token has to be good for. */
const MARGIN = 2 * 60_000;

/** Gets tokens for a refresh token; rejects with `Over` when that is no good any more. */
export type Renew = (refresh: string) => Promise<Tokens>;

/** The chat's tokens: the one that is kept while it is good, and a fresh one when it is not. */
export function keeper(street: Street, renew: Renew): TokenSource {
  const { store } = street;

  const renewKept = async (before: Tokens): Promise<string | undefined> => {
    const kept = tokensOf(store);
    // Another tab was first: a refresh token may work once only.
    if (kept?.token !== before.token) return kept?.token;
    if (kept.refresh === undefined) return lastOf(kept);
    try {
      const fresh = await renew(kept.refresh);
      renewed(store, { refresh: kept.refresh, ...fresh });
      return fresh.token;
    } catch (error) {
      if (!(error instanceof Over)) throw error;
      signInEnded(store);
      return undefined;
    }
  };
  const lastOf = (kept: Tokens): string | undefined => {
    if (kept.expiresAt > street.now()) return kept.token;
    signInEnded(store);
    return undefined;
  };
  return async ({ fresh }) => {
    const kept = tokensOf(store);
    if (!kept) return undefined;
    if (!fresh && kept.expiresAt > street.now() + MARGIN) return kept.token;
    return street.alone("tokens", () => renewKept(kept));
  };
}
