/** Something that one asks for and waits for, and what to say when it cannot be done. */

import { useState } from "preact/hooks";

import { explain } from "../lib/error-messages.ts";

export interface Action {
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  /** Resolves to whether it was done; while one is under way, nothing else is begun. */
  readonly run: (act: () => Promise<void> | void) => Promise<boolean>;
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async (act: () => Promise<void> | void): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      return true;
    } catch (error) {
      setProblem(explain(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, run };
}
