/** Hooks that render again when something outside of the components changes. */

import { useEffect, useReducer, useRef, useState } from "preact/hooks";

import { useServices } from "../context.ts";
import { parse, type Route } from "../lib/route.ts";
import type { Store } from "../lib/store.ts";

type Subscribe = (listener: () => void) => () => void;

/** Render again after every change of what *subscribe* tells of. */
export function useChanges(source: { readonly subscribe: Subscribe }): void {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    render(undefined);
    return source.subscribe(() => {
      render(undefined);
    });
  }, [source]);
}

/** What the store holds now, here or by the doing of another tab. */
export function useStored<Value>(select: (store: Store) => Value): Value {
  const { store } = useServices();
  useChanges(store);
  return select(store);
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useListener(window, "hashchange", () => {
    setHash(location.hash);
  });
  return parse(hash);
}

/** Whether a media query holds. */
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

/** The time, told again every *interval* milliseconds; not at all while it is undefined. */
export function useNow(interval: number | undefined): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (interval === undefined) return undefined;
    const tell = (): void => {
      setNow(Date.now());
    };
    tell();
    const timer = setInterval(tell, interval);
    return () => {
      clearInterval(timer);
    };
  }, [interval]);
  return now;
}

/** Whether the person can be looking: the page is in front and has the focus. */
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

/** The listener stays the same one: what is added while an event is told of hears nothing of it. */
export function useListener(target: EventTarget, type: string, listener: () => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const tell = (): void => {
      latest.current();
    };
    target.addEventListener(type, tell);
    return () => {
      target.removeEventListener(type, tell);
    };
  }, [target, type]);
}
