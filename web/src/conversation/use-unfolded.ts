/** Remembers which long messages the user has unfolded. */

import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Row } from "./message-rows.ts";
import { measureInPlace, type List } from "./virtual-list.ts";

type Toggle = (row: Row, pixels: number) => void;

/** Return the keys of the unfolded rows, and a function that folds or unfolds a row. */
export function useUnfolded(list: List): [ReadonlySet<string>, Toggle] {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const changed = useRef<{ readonly key: string; readonly pixels: number } | null>(null);
  const toggle = useCallback(({ key }: Row, pixels: number) => {
    changed.current = { key, pixels };
    setUnfolded((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  useLayoutEffect(() => {
    if (changed.current === null) return;
    const { key, pixels } = changed.current;
    changed.current = null;
    measureInPlace(list, key);
    if (pixels === 0) return;
    // The list has its new height in the next frame. Before that, it cannot scroll that far.
    requestAnimationFrame(() => {
      list.scrollBy(pixels);
    });
  }, [list, unfolded]);
  return [unfolded, toggle];
}
