/** Shows components of the chunk `lazy.ts`, which is loaded after the page. */

import { createContext, type VNode } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

import type * as lazyParts from "../lazy.ts";

export type LazyParts = typeof lazyParts;
type Load = () => Promise<LazyParts>;

/** Loads the chunk. Tests replace it. */
export const LazyContext = createContext<Load>(() => import("../lazy.ts"));

/** The chunk, after the first load: later uses render without a wait. */
const loaded = new WeakMap<Load, LazyParts>();

interface LazyProps {
  readonly children: (parts: LazyParts) => VNode;
}

/** Renders its children when the chunk is loaded. */
export function Lazy({ children }: LazyProps): VNode | null {
  const load = useContext(LazyContext);
  const [parts, setParts] = useState<LazyParts | "failed" | undefined>(() => loaded.get(load));
  useEffect(() => {
    const keep = (there: LazyParts): void => {
      loaded.set(load, there);
      setParts(there);
    };
    load().then(keep, () => {
      setParts("failed");
    });
  }, [load]);
  if (parts === "failed") {
    return (
      <p class="notice floating" role="alert">
        A part of the page could not be loaded. Please reload the page.
      </p>
    );
  }
  return parts ? children(parts) : null;
}

/** Milliseconds until the chunk is loaded without a request, so that the first dialog opens fast. */
const PRELOAD_DELAY = 1_500;

export function usePreloadLazyParts(): void {
  const load = useContext(LazyContext);
  useEffect(() => {
    const timer = setTimeout(() => {
      load().catch(() => undefined);
    }, PRELOAD_DELAY);
    return () => {
      clearTimeout(timer);
    };
  }, [load]);
}
