/** A list that is loaded page by page. */

import { useEffect, useRef, useState, type Inputs } from "preact/hooks";

import type { Page } from "../../sdk/index.ts";
import { errorMessage } from "../lib/error-messages.ts";

interface Pages<Entry> {
  readonly entries: readonly Entry[];
  readonly isLoading: boolean;
  readonly problem: string | undefined;
  /** Loads the next page. Undefined on the last page. */
  readonly more: (() => void) | undefined;
  /** Removes an entry from the list. */
  readonly drop: (entry: Entry) => void;
}

type Cursor = { readonly cursor: string } | undefined;
type Load<Entry> = (cursor: Cursor) => Promise<Page<Entry>>;

/**
 * Return the list, and load its first page again when *inputs* change.
 *
 * Without *load*, the list stays as it is. If the inputs change after a request, the page is dropped.
 * Its entries and its cursor belong to the earlier list.
 */
export function usePages<Entry>(load: Load<Entry> | undefined, inputs: Inputs): Pages<Entry> {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [next, setNext] = useState<string>();
  const [isLoading, setLoading] = useState(true);
  const [problem, setProblem] = useState<string>();
  const version = useRef(0);

  const read = (cursor: Cursor): void => {
    const requested = version.current;
    const isCurrent = (): boolean => version.current === requested;
    setLoading(true);
    setProblem(undefined);
    load?.(cursor)
      .then((page) => {
        if (!isCurrent()) return;
        setEntries((before) => [...(cursor ? before : []), ...page.entries]);
        setNext(page.cursor);
      })
      .catch((error: unknown) => {
        if (isCurrent()) setProblem(errorMessage(error));
      })
      .finally(() => {
        if (isCurrent()) setLoading(false);
      });
  };
  useEffect(() => {
    read(undefined);
    return () => {
      version.current += 1;
    };
  }, inputs);
  const more = (): void => {
    if (next !== undefined && !isLoading) read({ cursor: next });
  };
  return {
    entries,
    isLoading,
    problem,
    more: next === undefined ? undefined : more,
    drop: (entry) => {
      setEntries((before) => before.filter((kept) => kept !== entry));
    },
  };
}
