/** The interface between the page and the sign-in chunk. */

import type { VNode } from "preact";

import type { TokenSource } from "../../sdk/index.ts";
import type { CognitoConfig, OidcConfig } from "./sign-in-config.ts";
import type { Store } from "./store.ts";

export interface AuthProvider {
  readonly token: TokenSource;
  /** Forgets the user's account in this browser, and ends the session at the issuer. */
  signOut(): void;
  /** The page on which the user signs in. */
  readonly SignInView: () => VNode;
}

/** The parts of the browser that sign-in needs. */
export interface BrowserPort {
  /** The store that all tabs share. */
  readonly store: Store;
  /** A store for this tab only. The browser deletes it when the tab closes. */
  readonly tabStore: Store;
  readonly fetch: typeof fetch;
  now(): number;
  /** Returns the current address of the page. */
  address(): URL;
  /** Replaces the address without loading it. */
  replace(address: URL): void;
  /** Loads another page. */
  navigate(address: URL): void;
  /** Runs *task* while no other tab runs a task with the same lock. */
  withLock<Value>(lock: string, task: () => Promise<Value>): Promise<Value>;
}

export interface SignInModule {
  readonly createAuthProvider: (
    signIn: CognitoConfig | OidcConfig,
    browser: BrowserPort,
  ) => AuthProvider;
}
