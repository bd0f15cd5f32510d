/** Tokens in plain text, with their user and their end, and an issuer of such tokens. */

import type { TokenSource } from "../index.ts";
import type { Member } from "../protocol/types.ts";
import type { FakeClock } from "./clock.ts";

/** The user of a handshake, and when its proof expires, milliseconds since 1970. */
export interface Identity {
  readonly member: Member;
  readonly expiresAt: number;
}

/** Return what a token says. A text that is not a token has always been expired. */
export function parseToken(token: string): Identity {
  const [name = "", expiresAt] = token.split(".");
  return { member: { userId: name, name }, expiresAt: Number(expiresAt ?? 0) };
}

/** Issues tokens as a page does: the current one while it is valid, and a new one on request. */
export class FakeIssuer {
  /** Milliseconds until a token expires. */
  tokenLife = 3_600_000;
  isDown = false;
  hasSignedOut = false;
  /** For each request, whether a new token was requested. */
  readonly requests: boolean[] = [];
  readonly #clock: FakeClock;
  #lastToken = "";

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  sourceFor(name: string): TokenSource {
    return ({ fresh }) => {
      this.requests.push(fresh);
      if (this.isDown) return Promise.reject(new Error("the issuer is down"));
      if (this.hasSignedOut) return Promise.resolve(undefined);
      if (fresh || parseToken(this.#lastToken).expiresAt <= this.#clock.now()) {
        this.#lastToken = `${name}.${String(this.#clock.now() + this.tokenLife)}`;
      }
      return Promise.resolve(this.#lastToken);
    };
  }

  get lastToken(): string {
    return this.#lastToken;
  }
}
