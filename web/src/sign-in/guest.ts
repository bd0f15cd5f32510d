/** Who one is: a name, and the secret that proves to be the same guest again. */

import type { Store } from "../lib/store.ts";

export interface Guest {
  readonly name: string;
  readonly key: string;
}

const NAME = "guest";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const KEY_LENGTH = 43;

/**
 * The guest of this browser.
 *
 * The key has to stay readable: it is all that makes a guest the same person after a reload and in a
 * second tab, and the server, which keeps only a hash of it, could not give it back. It opens nothing
 * but this guest's own place, no script of another origin runs in the page, and signing out forgets it.
 */
export function guestOf(store: Store): Guest | undefined {
  return store.read(NAME, isGuest);
}

export function signIn(store: Store, name: string, random = randomBytes): Guest {
  const guest = { name, key: makeKey(random) };
  store.write(NAME, guest);
  return guest;
}

/** Forget the guest, and all that was kept for them. */
export function signOut(store: Store): void {
  forgetVisit(store);
  store.remove(NAME);
}

/** Forget all that was kept for whoever was here. */
export function forgetVisit(store: Store): void {
  for (const kept of ["rooms", "read.", "draft.", "unsent.", "invite.", "notify"])
    store.removeAll(kept);
}

/** A secret of 43 characters with 6 bits each, 258 in all. */
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
