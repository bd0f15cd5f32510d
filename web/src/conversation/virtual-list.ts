/** A list that keeps only the visible rows in the document. */

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

/** The distance in pixels within which the list counts as scrolled to its end. */
export const NEAR_END = 60;

/** Return a list that stays at its end, or keeps the rows in view in position, when rows are added. */
export function useVirtual({ scroller, keys, estimate, paddingStart }: VirtualOptions): List {
  const [, render] = useReducer((count: number) => count + 1, 0);
  // A new function would mean new keys to the library, and a new layout of every row.
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

/**
 * Measure a row again, and keep its beginning in place or in view.
 *
 * At the end of the list, the library would keep the end of the row in place. After a row has
 * shrunk, the library would leave the reader at rows far below.
 */
export function measureInPlace(list: List, key: string): void {
  const row = list.elementsCache.get(key);
  if (!row) return;
  const { options } = list;
  const index = list.indexFromElement(row);
  const height = Math.round(row.getBoundingClientRect().height);
  const hasShrunk = height < (list.itemSizeCache.get(key) ?? 0);
  list.setOptions({ ...options, scrollEndThreshold: -1 });
  list.resizeItem(index, height);
  list.setOptions(options);
  const start = list.measurementsCache[index]?.start ?? 0;
  if (hasShrunk && start < (list.scrollOffset ?? 0)) list.scrollToIndex(index, { align: "start" });
}
