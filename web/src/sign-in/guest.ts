/** Stores the guest: a name, and the secret key that identifies the guest. */

import type { Store } from "../lib/store.ts";

export interface Guest {
  readonly name: string;
  readonly key: string;
}

const NAME = "guest";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const KEY_LENGTH = 43;

/**
 * Return the guest of this browser.
 *
 * The key has to stay readable. Only the key makes a guest the same user after a reload and in a
 * second tab. The server stores only a hash of the key. The key gives access only to this guest's own
 * data. No script of another origin runs in the page. Signing out forgets the key.
 */
export function guestOf(store: Store): Guest | undefined {
  return store.read(NAME, isGuest);
}

export function saveGuest(store: Store, name: string, random = randomBytes): Guest {
  const guest = { name, key: makeKey(random) };
  store.write(NAME, guest);
  return guest;
}

/** Forget the guest and everything that the browser stores for the guest. */
export function forgetGuest(store: Store): void {
  forgetVisit(store);
  store.remove(NAME);
}

/** Forget everything that the browser stores for a user, except the name and the key or tokens. */
export function forgetVisit(store: Store): void {
  for (const prefix of ["rooms", "read.", "draft.", "unsent.", "invite.", "notify"])
    store.removeAll(prefix);
}

/** Return a secret of 43 characters with 6 random bits each, 258 bits in all. */
export function makeKey(random: (length: number) => Uint8Array = randomBytes): string {
  return Array.from(random(KEY_LENGTH), (byte) => ALPHABET.charAt(byte & 63)).join("");
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

function isGuest(value: unknown): value is Guest {
  if (typeof value !== "object" || value === null) return false;
  const { name, key } = value as Partial<Record<keyof Guest, unknown>>;
  return typeof name === "string" && typeof key === "string" && /^[\w.~-]{32,128}$/.test(key);
}
