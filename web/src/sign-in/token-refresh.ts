/** Refreshes the tokens, in one tab at a time. */

import type { TokenSource } from "../../sdk/index.ts";
import type { BrowserPort } from "../lib/auth-provider.ts";
import { forgetTokens, lastAccount, saveTokens, tokensOf, type Tokens } from "./account.ts";
import { SessionExpired } from "./errors.ts";

/** The minimum remaining lifetime of a token, in milliseconds. */
const MARGIN = 2 * 60_000;

/** Returns new tokens for a refresh token. Rejects with SessionExpired if it is no longer valid. */
export type Refresh = (refreshToken: string) => Promise<Tokens>;

/** The part of a sign-in client that refreshes tokens. */
export interface Refresher {
  readonly refresh: Refresh;
  readonly revoke: (refreshToken: string) => Promise<void>;
}

/** Return a token source that returns the stored token, and a new token if that one expires. */
export function tokenRefresher(browser: BrowserPort, client: Refresher): TokenSource {
  const { store } = browser;

  /** Return the stored tokens of a user. Another user may have signed in meanwhile. */
  const storedFor = (userId: string | undefined): Tokens | undefined =>
    lastAccount(store)?.userId === userId ? tokensOf(store) : undefined;

  const refreshStored = async (
    before: Tokens,
    userId: string | undefined,
  ): Promise<string | undefined> => {
    const stored = storedFor(userId);
    // Another tab was first. A refresh token may be valid only once.
    if (stored?.token !== before.token) return stored?.token;
    if (stored.refresh === undefined) return unexpired(stored);
    const fresh = await client.refresh(stored.refresh).catch(undefinedIfExpired);
    // If the user has signed out or signed in again meanwhile, this result must not change that.
    const now = storedFor(userId);
    if (now?.token !== stored.token) {
      revokeUnless([stored.refresh, now?.refresh], fresh?.refresh);
      return now?.token;
    }
    if (fresh) saveTokens(store, { refresh: stored.refresh, ...fresh });
    else forgetTokens(store);
    return fresh?.token;
  };
  /** Revoke a new refresh token that is dropped: the sign-out did not know it. */
  const revokeUnless = (
    known: readonly (string | undefined)[],
    refreshToken: string | undefined,
  ): void => {
    if (refreshToken === undefined || known.includes(refreshToken)) return;
    client.revoke(refreshToken).catch(() => undefined);
  };
  const unexpired = (stored: Tokens): string | undefined => {
    if (stored.expiresAt > browser.now()) return stored.token;
    forgetTokens(store);
    return undefined;
  };
  return async ({ fresh }) => {
    const stored = tokensOf(store);
    if (!stored) return undefined;
    if (!fresh && stored.expiresAt > browser.now() + MARGIN) return stored.token;
    const userId = lastAccount(store)?.userId;
    return browser.withLock("tokens", () => refreshStored(stored, userId));
  };
}

/** Return undefined for an expired session, and throw every other error again. */
function undefinedIfExpired(error: unknown): undefined {
  if (!(error instanceof SessionExpired)) throw error;
}
