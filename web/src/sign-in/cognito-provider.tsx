/** Signs users in with a form on the page. */

import type { VNode } from "preact";

import type { TokenSource } from "../../sdk/index.ts";
import type { AuthProvider, BrowserPort } from "../lib/auth-provider.ts";
import type { CognitoConfig } from "../lib/sign-in-config.ts";
import { forgetAccount, tokensOf } from "./account.ts";
import { CognitoClient } from "./cognito-client.ts";
import { PasswordForm } from "./password-form.tsx";
import { tokenRefresher } from "./token-refresh.ts";

export class CognitoProvider implements AuthProvider {
  readonly token: TokenSource;
  readonly #client: CognitoClient;
  readonly #browser: BrowserPort;

  constructor(config: CognitoConfig, browser: BrowserPort) {
    this.#browser = browser;
    this.#client = new CognitoClient(config, browser);
    this.token = tokenRefresher(browser, this.#client);
  }

  signOut(): void {
    const refresh = tokensOf(this.#browser.store)?.refresh;
    forgetAccount(this.#browser.store);
    // The browser has forgotten the token, so the user is signed out even if Cognito is unreachable.
    if (refresh !== undefined) this.#client.revoke(refresh).catch(() => undefined);
  }

  SignInView = (): VNode => <PasswordForm client={this.#client} />;
}
