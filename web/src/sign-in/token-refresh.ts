/** Keeps the tokens fresh, one tab at a time. */

import type { TokenSource } from "../../sdk/index.ts";
import { lastAccount, renewed, signInEnded, tokensOf, type Tokens } from "./account.ts";
import type { Street } from "../lib/auth-provider.ts";
import { Over } from "./errors.ts";

/** Milliseconds that a token has to be good for. */
const MARGIN = 2 * 60_000;

/** Gets tokens for a refresh token; rejects with `Over` when that is no good any more. */
export type Renew = (refresh: string) => Promise<Tokens>;

/** The chat's tokens: the one that is kept while it is good, and a fresh one when it is not. */
export function keeper(street: Street, renew: Renew): TokenSource {
  const { store } = street;

  /** What is kept now, if it is that user's: somebody else may have signed in meanwhile. */
  const keptOf = (userId: string | undefined): Tokens | undefined =>
    lastAccount(store)?.userId === userId ? tokensOf(store) : undefined;

  const renewKept = async (
    before: Tokens,
    userId: string | undefined,
  ): Promise<string | undefined> => {
    const kept = keptOf(userId);
    // Another tab was first: a refresh token may work once only.
    if (kept?.token !== before.token) return kept?.token;
    if (kept.refresh === undefined) return lastOf(kept);
    const fresh = await renew(kept.refresh).catch(ended);
    // Who has signed out since is not signed in again by it, and a new sign-in is not ended by it.
    const now = keptOf(userId);
    if (now?.token !== kept.token) return now?.token;
    if (fresh) renewed(store, { refresh: kept.refresh, ...fresh });
    else signInEnded(store);
    return fresh?.token;
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
    const userId = lastAccount(store)?.userId;
    return street.alone("tokens", () => renewKept(kept, userId));
  };
}

/** That a sign-in is over is an answer; whatever else goes wrong is not. */
function ended(error: unknown): undefined {
  if (!(error instanceof Over)) throw error;
}
