/** Who has signed in, and the tokens that prove it. */

import { forgetVisit } from "./guest.ts";
import type { Store } from "../lib/store.ts";

/** A person as the issuer knows them. */
export interface Account {
  readonly userId: string;
  readonly name: string;
}

export interface Tokens {
  /** What the chat is shown. */
  readonly token: string;
  /** When it ends, milliseconds since 1970. */
  readonly expiresAt: number;
  /** What gets the next one, where the issuer gives it. */
  readonly refresh?: string | undefined;
}

const ACCOUNT = "account";
/**
 * Kept where the guest's key is, so that a reload and a second tab stay signed in. Whoever runs script in
 * this page could read them; the page runs none but its own (see its Content-Security-Policy). They are
 * never in an address or a log, and signing out ends and forgets them.
 */
const TOKENS = "tokens";

/** Who is signed in here. */
export function accountOf(store: Store): Account | undefined {
  return tokensOf(store) && lastAccount(store);
}

/** Who is signed in here, or was until their sign-in ended. */
export function lastAccount(store: Store): Account | undefined {
  return store.read(ACCOUNT, isAccount);
}

export function tokensOf(store: Store): Tokens | undefined {
  return store.read(TOKENS, isTokens);
}

/** Somebody has signed in; what somebody else left here is not for them. */
export function signedIn(store: Store, account: Account, tokens: Tokens): void {
  if (lastAccount(store)?.userId !== account.userId) forgetVisit(store);
  store.write(ACCOUNT, account);
  store.write(TOKENS, tokens);
}

export function renewed(store: Store, tokens: Tokens): void {
  store.write(TOKENS, tokens);
}

/** The sign-in has ended: whoever signs in again finds rooms, drafts and what is unsent. */
export function signInEnded(store: Store): void {
  store.remove(TOKENS);
}

/** Forget who was signed in, and all that was kept for them. */
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
