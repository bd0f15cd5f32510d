/** Tokens that say in plain text whose they are and until when, and who hands them out. */

import type { TokenSource } from "../index.ts";
import type { Member } from "../protocol/types.ts";
import type { FakeClock } from "./clock.ts";

/** Who holds a token, and until when it counts, milliseconds since 1970. */
export interface Bearer {
  readonly member: Member;
  readonly expiresAt: number;
}

/** What a token says; one that is none has always been over. */
export function bearerOf(token: string): Bearer {
  const [name = "", expiresAt] = token.split(".");
  return { member: { userId: name, name }, expiresAt: Number(expiresAt ?? 0) };
}

/** Hands out tokens as a page does: the one it has while that counts, and a fresh one when asked. */
export class Issuer {
  /** Milliseconds that a token counts. */
  life = 3_600_000;
  isDown = false;
  hasSignedOut = false;
  /** Each request, and whether a fresh token was wanted. */
  readonly asked: boolean[] = [];
  readonly #clock: FakeClock;
  #kept = "";

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  for(name: string): TokenSource {
    return ({ fresh }) => {
      this.asked.push(fresh);
      if (this.isDown) return Promise.reject(new Error("the issuer is down"));
      if (this.hasSignedOut) return Promise.resolve(undefined);
      if (fresh || bearerOf(this.#kept).expiresAt <= this.#clock.now()) {
        this.#kept = `${name}.${String(this.#clock.now() + this.life)}`;
      }
      return Promise.resolve(this.#kept);
    };
  }

  /** What it handed out last. */
  get kept(): string {
    return this.#kept;
  }
}
