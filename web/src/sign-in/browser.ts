/** The parts of the browser that sign-in needs. */

import type { BrowserPort } from "../lib/auth-provider.ts";
import { openStorage, Store } from "../lib/store.ts";

export function browserPort(view: Window & typeof globalThis, store: Store): BrowserPort {
  return {
    store,
    tabStore: new Store(openStorage(() => view.sessionStorage)),
    fetch: (input, init) => view.fetch(input, init),
    now: () => Date.now(),
    address: () => new URL(view.location.href),
    replace: (address) => {
      view.history.replaceState(null, "", address);
      // `replaceState` fires no event, and the router listens for this one.
      view.dispatchEvent(new HashChangeEvent("hashchange"));
    },
    navigate: (address) => {
      view.location.assign(address);
    },
    withLock: async (lock, task) => view.navigator.locks.request(`chat.${lock}`, task),
  };
}
