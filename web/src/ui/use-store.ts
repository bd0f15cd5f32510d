/** Hooks that render again when the store, the address, the time or the window changes. */

import { useEffect, useReducer, useRef, useState } from "preact/hooks";

import { useServices } from "../context.ts";
import { parse, type Route } from "../lib/route.ts";
import type { Store } from "../lib/store.ts";

type Subscribe = (listener: () => void) => () => void;

/** Render again after each change that *source* reports. */
export function useSubscription(source: { readonly subscribe: Subscribe }): void {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    render(undefined);
    return source.subscribe(() => {
      render(undefined);
    });
  }, [source]);
}

/** Return a value from the store. It changes when this tab or another tab writes to the store. */
export function useStored<Value>(select: (store: Store) => Value): Value {
  const { store } = useServices();
  useSubscription(store);
  return select(store);
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useListener(window, "hashchange", () => {
    setHash(location.hash);
  });
  return parse(hash);
}

/** Return whether a media query matches. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const update = (): void => {
      setHolds(media.matches);
    };
    update();
    media.addEventListener("change", update);
    return () => {
      media.removeEventListener("change", update);
    };
  }, [query]);
  return holds;
}

/** Return the time, updated every *interval* milliseconds. If it is undefined, never updated. */
export function useNow(interval: number | undefined): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (interval === undefined) return undefined;
    const update = (): void => {
      setNow(Date.now());
    };
    update();
    const timer = setInterval(update, interval);
    return () => {
      clearInterval(timer);
    };
  }, [interval]);
  return now;
}

/** Return whether the user may be looking at the page: it is visible and has the focus. */
export function useAttention(): boolean {
  const [isAttentive, setAttentive] = useState(hasAttention);
  const update = (): void => {
    setAttentive(hasAttention());
  };
  useListener(window, "focus", update);
  useListener(window, "blur", update);
  useListener(document, "visibilitychange", update);
  return isAttentive;
}

export function hasAttention(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/**
 * Call *listener* on each event.
 *
 * The target keeps the same function across renders. A new one, added while an event is dispatched,
 * would miss that event.
 */
export function useListener(target: EventTarget, type: string, listener: () => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const notify = (): void => {
      latest.current();
    };
    target.addEventListener(type, notify);
    return () => {
      target.removeEventListener(type, notify);
    };
  }, [target, type]);
}
