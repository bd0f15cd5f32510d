/** Signing in by a form on the page. */

import type { VNode } from "preact";

import type { TokenSource } from "../../sdk/index.ts";
import { forgetAccount, tokensOf } from "./account.ts";
import type { Door, Street } from "../lib/auth-provider.ts";
import type { ByForm } from "../lib/sign-in-config.ts";
import { Cognito } from "./cognito-client.ts";
import { SignInForm } from "./password-form.tsx";
import { keeper } from "./token-refresh.ts";

export class FormDoor implements Door {
  readonly token: TokenSource;
  readonly #cognito: Cognito;
  readonly #street: Street;

  constructor(config: ByForm, street: Street) {
    this.#street = street;
    this.#cognito = new Cognito(config, street);
    this.token = keeper(street, this.#cognito.renew);
  }

  signOut(): void {
    const refresh = tokensOf(this.#street.store)?.refresh;
    forgetAccount(this.#street.store);
    // Forgotten is enough for this browser; the issuer may be out of reach.
    if (refresh !== undefined) this.#cognito.revoke(refresh).catch(() => undefined);
  }

  Entrance = (): VNode => <SignInForm cognito={this.#cognito} />;
}
