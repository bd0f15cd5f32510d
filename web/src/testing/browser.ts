/** A browser for tests of signing in: it goes nowhere, and asks whom a test says. */

import type { Street } from "../lib/auth-provider.ts";
import { MemoryShelf, Store } from "../lib/store.ts";

export class FakeStreet implements Street {
  readonly store: Store;
  readonly visit = new Store(new MemoryShelf());
  at = new URL("https://page.example/");
  time = Date.UTC(2026, 10, 23, 9, 30);
  /** Where the page went. */
  readonly gone: URL[] = [];
  /** Answers what is asked. */
  answer: (request: Request) => Promise<Response> = () => Promise.reject(new TypeError("offline"));
  #last: Promise<unknown> = Promise.resolve();

  constructor(store = new Store(new MemoryShelf())) {
    this.store = store;
  }

  fetch: typeof fetch = (input, init) => this.answer(new Request(input, init));

  now = (): number => this.time;

  address = (): URL => new URL(this.at);

  replace = (address: URL): void => {
    this.at = address;
  };

  go = (address: URL): void => {
    this.gone.push(address);
  };

  alone = async <Value>(_: string, what: () => Promise<Value>): Promise<Value> => {
    const mine = this.#last.then(what, what);
    this.#last = mine.catch(() => undefined);
    return mine;
  };
}

/** A token that says so much, unsigned: the page does not look at signatures. */
export function tokenOf(claims: object): string {
  const part = (value: object): string =>
    btoa(JSON.stringify(value)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  return [part({ alg: "RS256", kid: "k1" }), part(claims), "c2lnbmF0dXJl"].join(".");
}
