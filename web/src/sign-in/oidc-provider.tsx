/** Signing in on the issuer's own pages. */

import type { VNode } from "preact";

import type { TokenSource } from "../../sdk/index.ts";
import { forgetAccount, signedIn, tokensOf } from "./account.ts";
import type { Door, Street } from "../lib/auth-provider.ts";
import type { ByRedirect } from "../lib/sign-in-config.ts";
import { keeper } from "./token-refresh.ts";
import { Oidc, type Trip } from "./oidc-client.ts";
import { SignInButton } from "./redirect-button.tsx";
import { Refusal, wordsFor } from "./errors.ts";

const TRIP = "trip";

interface KeptTrip extends Trip {
  /** Where in the page one was. */
  readonly hash: string;
}

export class RedirectDoor implements Door {
  readonly token: TokenSource;
  readonly #oidc: Oidc;
  readonly #street: Street;
  /** Whether the person comes back from the issuer just now; the words for what went wrong. */
  readonly #arrival: Promise<string | undefined>;

  constructor(config: ByRedirect, street: Street) {
    this.#street = street;
    this.#oidc = new Oidc(config, street);
    this.token = keeper(street, this.#oidc.renew);
    this.#arrival = this.#arrive();
  }

  signOut(): void {
    void this.#signOut(tokensOf(this.#street.store)?.refresh);
  }

  Entrance = (): VNode => <SignInButton arrival={this.#arrival} leave={this.#leave} />;

  /** Go to the issuer; the words for why not. */
  #leave = async (): Promise<string | undefined> => {
    try {
      const [address, trip] = await this.#oidc.leave(this.#back.href);
      const { hash } = this.#street.address();
      this.#street.visit.write(TRIP, { ...trip, hash } satisfies KeptTrip);
      this.#street.go(address);
      return undefined;
    } catch (error) {
      return wordsFor(error);
    }
  };

  async #arrive(): Promise<string | undefined> {
    const address = this.#street.address();
    const { searchParams } = address;
    if (!searchParams.has("state") || !(searchParams.has("code") || searchParams.has("error"))) {
      return undefined;
    }
    const trip = this.#street.visit.read(TRIP, isTrip);
    this.#street.visit.remove(TRIP);
    // A code is good once, and belongs in no history and on no screen.
    this.#street.replace(this.#at(trip?.hash ?? ""));
    try {
      const { account, tokens } = await this.#oidc.arrive(address, trip, this.#back.href);
      signedIn(this.#street.store, account, tokens);
      return undefined;
    } catch (error) {
      return error instanceof Refusal ? error.message : wordsFor(error);
    }
  }

  async #signOut(refresh: string | undefined): Promise<void> {
    const { store } = this.#street;
    forgetAccount(store);
    // Forgotten is enough for this browser; the issuer may be out of reach.
    if (refresh !== undefined) await this.#oidc.revoke(refresh).catch(() => undefined);
    const address = await this.#oidc.goodbye(this.#back.href).catch(() => undefined);
    if (address) this.#street.go(address);
  }

  /** What the issuer knows as the page's address. */
  get #back(): URL {
    return this.#at("");
  }

  #at(hash: string): URL {
    const address = this.#street.address();
    address.search = "";
    address.hash = hash;
    return address;
  }
}

function isTrip(value: unknown): value is KeptTrip {
  if (typeof value !== "object" || value === null) return false;
  const said = value as Partial<Record<string, unknown>>;
  return ["state", "nonce", "verifier", "hash"].every((name) => typeof said[name] === "string");
}
