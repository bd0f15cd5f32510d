/** A list of which only the visible rows are in the document. */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useCallback, useLayoutEffect, useReducer, useState } from "preact/hooks";

export interface VirtualOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly keys: readonly string[];
  readonly estimate: (index: number) => number;
  /** Pixels above the first row. */
  readonly paddingStart: number;
}

export type List = Virtualizer<HTMLElement, HTMLElement>;

/** Pixels from the end within which the list counts as being there. */
export const NEAR_END = 60;

/** Stays at the end when it is there; else keeps what is in view in its place, whatever is added. */
export function useVirtual({ scroller, keys, estimate, paddingStart }: VirtualOptions): List {
  const [, render] = useReducer((count: number) => count + 1, 0);
  // Another function would be taken for other keys, and every row be laid out anew.
  const getItemKey = useCallback((index: number) => keys[index] ?? index.toString(), [keys]);
  const options = {
    count: keys.length,
    getItemKey,
    getScrollElement: () => scroller.current,
    estimateSize: estimate,
    paddingStart,
    paddingEnd: 12,
    overscan: 8,
    anchorTo: "end" as const,
    followOnAppend: true,
    scrollEndThreshold: NEAR_END,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => {
      render(undefined);
    },
  };
  const [list] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), [list]);
  useLayoutEffect(() => {
    list._willUpdate();
  });
  return list;
}
