/** Stores the account that is signed in, and its tokens. */

import type { Store } from "../lib/store.ts";
import { forgetVisit } from "./guest.ts";

/** A user as the issuer identifies them. */
export interface Account {
  readonly userId: string;
  readonly name: string;
}

export interface Tokens {
  /** The token that the page sends to the chat. */
  readonly token: string;
  /** The expiry of the token, milliseconds since 1970. */
  readonly expiresAt: number;
  /** The refresh token, if the issuer returned one. */
  readonly refresh?: string | undefined;
}

const ACCOUNT = "account";
/**
 * The tokens are stored like the guest's key, so that a reload and a second tab stay signed in.
 *
 * A script in this page could read them, but the Content-Security-Policy allows only the page's own
 * scripts. The tokens are never in an address or a log. Signing out revokes and forgets them.
 */
const TOKENS = "tokens";

/** Return the account that is signed in. */
export function accountOf(store: Store): Account | undefined {
  return tokensOf(store) && lastAccount(store);
}

/** Return the account that is signed in, or that was signed in until its session expired. */
export function lastAccount(store: Store): Account | undefined {
  return store.read(ACCOUNT, isAccount);
}

export function tokensOf(store: Store): Tokens | undefined {
  return store.read(TOKENS, isTokens);
}

/** Store an account. If another account was stored before, forget everything that belongs to it. */
export function saveAccount(store: Store, account: Account, tokens: Tokens): void {
  if (lastAccount(store)?.userId !== account.userId) forgetVisit(store);
  store.write(ACCOUNT, account);
  store.write(TOKENS, tokens);
}

export function saveTokens(store: Store, tokens: Tokens): void {
  store.write(TOKENS, tokens);
}

/** Forget the tokens of an expired session. Rooms, drafts and unsent messages stay. */
export function forgetTokens(store: Store): void {
  store.remove(TOKENS);
}

/** Forget the account and everything that the browser stores for it. */
export function forgetAccount(store: Store): void {
  forgetVisit(store);
  store.remove(ACCOUNT);
  store.remove(TOKENS);
}

function isAccount(value: unknown): value is Account {
  if (typeof value !== "object" || value === null) return false;
  const { userId, name } = value as Partial<Record<keyof Account, unknown>>;
  return typeof userId === "string" && typeof name === "string";
}

function isTokens(value: unknown): value is Tokens {
  if (typeof value !== "object" || value === null) return false;
  const { token, expiresAt, refresh } = value as Partial<Record<keyof Tokens, unknown>>;
  const mayRefresh = refresh === undefined || typeof refresh === "string";
  return typeof token === "string" && typeof expiresAt === "number" && mayRefresh;
}
