/** What the page knows of signing in; how it is done is loaded only where people do it. */

import type { VNode } from "preact";

import type { TokenSource } from "../../sdk/index.ts";
import type { ByForm, ByRedirect } from "./sign-in-config.ts";
import type { Store } from "./store.ts";

export interface Door {
  readonly token: TokenSource;
  /** Forget who is signed in, here and at the issuer. */
  signOut(): void;
  /** Where one signs in. */
  readonly Entrance: () => VNode;
}

/** What signing in needs of the browser. */
export interface Street {
  readonly store: Store;
  /** Of this tab, and gone with it. */
  readonly visit: Store;
  readonly fetch: typeof fetch;
  now(): number;
  /** The page's address as it is. */
  address(): URL;
  /** Put another address in its place, without going anywhere. */
  replace(address: URL): void;
  /** Go to somebody else's page. */
  go(address: URL): void;
  /** Do one thing of a name at a time, in all tabs. */
  alone<Value>(name: string, what: () => Promise<Value>): Promise<Value>;
}

export interface Identity {
  readonly openDoor: (signIn: ByForm | ByRedirect, street: Street) => Door;
}
