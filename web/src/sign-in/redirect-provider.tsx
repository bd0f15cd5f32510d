/** Signs users in on the issuer's own pages. */

import type { VNode } from "preact";

import type { TokenSource } from "../../sdk/index.ts";
import type { AuthProvider, BrowserPort } from "../lib/auth-provider.ts";
import type { OidcConfig } from "../lib/sign-in-config.ts";
import { forgetAccount, saveAccount, tokensOf } from "./account.ts";
import { signInMessage } from "./errors.ts";
import { OidcClient, type PendingSignIn } from "./oidc-client.ts";
import { RedirectButton } from "./redirect-button.tsx";
import { tokenRefresher } from "./token-refresh.ts";

const PENDING = "trip";

interface SavedSignIn extends PendingSignIn {
  /** The view of the page before the redirect. */
  readonly hash: string;
}

export class OidcProvider implements AuthProvider {
  readonly token: TokenSource;
  readonly #client: OidcClient;
  readonly #browser: BrowserPort;
  /** Resolves when a return from the issuer is handled: to an error message, or to undefined. */
  readonly #returned: Promise<string | undefined>;

  constructor(config: OidcConfig, browser: BrowserPort) {
    this.#browser = browser;
    this.#client = new OidcClient(config, browser);
    this.token = tokenRefresher(browser, this.#client);
    this.#returned = this.#handleReturn();
  }

  signOut(): void {
    void this.#signOut(tokensOf(this.#browser.store)?.refresh);
  }

  SignInView = (): VNode => <RedirectButton returned={this.#returned} onSignIn={this.#redirect} />;

  /** Go to the issuer. Resolves to an error message, or to undefined. */
  #redirect = async (): Promise<string | undefined> => {
    try {
      const [address, pending] = await this.#client.startSignIn(this.#redirectUri.href);
      const { hash } = this.#browser.address();
      this.#browser.tabStore.write(PENDING, { ...pending, hash } satisfies SavedSignIn);
      this.#browser.navigate(address);
      return undefined;
    } catch (error) {
      return signInMessage(error);
    }
  };

  async #handleReturn(): Promise<string | undefined> {
    const address = this.#browser.address();
    const { searchParams } = address;
    if (!searchParams.has("state") || !(searchParams.has("code") || searchParams.has("error"))) {
      return undefined;
    }
    const pending = this.#browser.tabStore.read(PENDING, isSavedSignIn);
    this.#browser.tabStore.remove(PENDING);
    // A code is valid once, and must not stay in the history or on the screen.
    this.#browser.replace(this.#addressWith(pending?.hash ?? ""));
    try {
      const { account, tokens } = await this.#client.finishSignIn(
        address,
        pending,
        this.#redirectUri.href,
      );
      saveAccount(this.#browser.store, account, tokens);
      return undefined;
    } catch (error) {
      return signInMessage(error);
    }
  }

  async #signOut(refresh: string | undefined): Promise<void> {
    const { store } = this.#browser;
    forgetAccount(store);
    // The browser has forgotten the token, so the user is signed out even if the issuer is unreachable.
    if (refresh !== undefined) await this.#client.revoke(refresh).catch(() => undefined);
    const address = await this.#client.logoutUrl(this.#redirectUri.href).catch(() => undefined);
    if (address) this.#browser.navigate(address);
  }

  /** The address of the page that is registered at the issuer. */
  get #redirectUri(): URL {
    return this.#addressWith("");
  }

  #addressWith(hash: string): URL {
    const address = this.#browser.address();
    address.search = "";
    address.hash = hash;
    return address;
  }
}

function isSavedSignIn(value: unknown): value is SavedSignIn {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Partial<Record<string, unknown>>;
  return ["state", "nonce", "verifier", "hash"].every((name) => typeof fields[name] === "string");
}
