/** A browser for tests of the sign-in: it records navigation and sends requests to the test. */

import type { BrowserPort } from "../lib/auth-provider.ts";
import { MemoryStorage, Store } from "../lib/store.ts";

export class FakeBrowser implements BrowserPort {
  readonly store: Store;
  readonly tabStore = new Store(new MemoryStorage());
  at = new URL("https://page.example/");
  time = Date.UTC(2026, 10, 23, 9, 30);
  /** The pages that were navigated to. */
  readonly visited: URL[] = [];
  /** Replies to requests. */
  respond: (request: Request) => Promise<Response> = () => Promise.reject(new TypeError("offline"));
  #last: Promise<unknown> = Promise.resolve();

  constructor(store = new Store(new MemoryStorage())) {
    this.store = store;
  }

  fetch: typeof fetch = (input, init) => this.respond(new Request(input, init));

  now = (): number => this.time;

  address = (): URL => new URL(this.at);

  replace = (address: URL): void => {
    this.at = address;
  };

  navigate = (address: URL): void => {
    this.visited.push(address);
  };

  withLock = async <Value>(_: string, task: () => Promise<Value>): Promise<Value> => {
    const mine = this.#last.then(task, task);
    this.#last = mine.catch(() => undefined);
    return mine;
  };
}

/** Return a token with these claims and no valid signature. The page does not verify signatures. */
export function tokenOf(claims: object): string {
  const part = (value: object): string =>
    btoa(JSON.stringify(value)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  return [part({ alg: "RS256", kid: "k1" }), part(claims), "c2lnbmF0dXJl"].join(".");
}
