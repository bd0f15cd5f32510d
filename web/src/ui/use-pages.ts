/** A list that comes page by page. */

import { useEffect, useState, type Inputs } from "preact/hooks";

import type { Page } from "../../sdk/index.ts";
import { explain } from "../lib/error-messages.ts";

interface Pages<Entry> {
  readonly entries: readonly Entry[];
  readonly isLoading: boolean;
  readonly problem: string | undefined;
  /** Loads the next page; undefined when there is none. */
  readonly more: (() => void) | undefined;
  readonly drop: (entry: Entry) => void;
}

type Cursor = { readonly cursor: string } | undefined;
type Load<Entry> = (cursor: Cursor) => Promise<Page<Entry>>;

/** Begins anew whenever *inputs* change; without a way to load, it waits for one. */
export function usePages<Entry>(load: Load<Entry> | undefined, inputs: Inputs): Pages<Entry> {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [next, setNext] = useState<string>();
  const [isLoading, setLoading] = useState(true);
  const [problem, setProblem] = useState<string>();

  const read = (before: readonly Entry[], cursor: Cursor, isWanted: () => boolean): void => {
    setLoading(true);
    setProblem(undefined);
    load?.(cursor)
      .then((page) => {
        if (!isWanted()) return;
        setEntries([...before, ...page.entries]);
        setNext(page.cursor);
      })
      .catch((error: unknown) => {
        if (isWanted()) setProblem(explain(error));
      })
      .finally(() => {
        if (isWanted()) setLoading(false);
      });
  };
  useEffect(() => {
    let isWanted = true;
    read([], undefined, () => isWanted);
    return () => {
      isWanted = false;
    };
  }, inputs);
  const more = (): void => {
    if (next !== undefined && !isLoading) read(entries, { cursor: next }, () => true);
  };
  return {
    entries,
    isLoading,
    problem,
    more: next === undefined ? undefined : more,
    drop: (entry) => {
      setEntries(entries.filter((one) => one !== entry));
    },
  };
}
