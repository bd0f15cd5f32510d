/** The browser, as far as signing in needs it. */

import type { Street } from "../lib/auth-provider.ts";
import { shelfOf, Store } from "../lib/store.ts";

export function browserStreet(view: Window & typeof globalThis, store: Store): Street {
  return {
    store,
    visit: new Store(shelfOf(() => view.sessionStorage)),
    fetch: (input, init) => view.fetch(input, init),
    now: () => Date.now(),
    address: () => new URL(view.location.href),
    replace: (address) => {
      view.history.replaceState(null, "", address);
      // The router listens to this, and replaceState does not tell.
      view.dispatchEvent(new HashChangeEvent("hashchange"));
    },
    go: (address) => {
      view.location.assign(address);
    },
    alone: async (name, what) => view.navigator.locks.request(`chat.${name}`, what),
  };
}
