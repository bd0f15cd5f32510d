/** Remembers which long messages the user has unfolded. */

import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Row } from "./message-rows.ts";
import { measureInPlace, type List } from "./virtual-list.ts";

/** Return the keys of the unfolded rows, and a function that folds or unfolds a row. */
export function useUnfolded(list: List): [ReadonlySet<string>, (row: Row) => void] {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const changed = useRef<string | null>(null);
  const toggle = useCallback(({ key }: Row) => {
    changed.current = key;
    setUnfolded((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  useLayoutEffect(() => {
    if (changed.current !== null) measureInPlace(list, changed.current);
    changed.current = null;
  }, [list, unfolded]);
  return [unfolded, toggle];
}
