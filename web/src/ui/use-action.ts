/** Runs an asynchronous action, one at a time, and keeps the message of its error. */

import { useEffect, useRef, useState } from "preact/hooks";

import { errorMessage } from "../lib/error-messages.ts";

export interface Action {
  readonly isBusy: boolean;
  readonly problem: string | undefined;
  /**
   * Runs *act*, unless another run has not ended.
   *
   * Resolves to true if *act* succeeded and the component is still shown.
   */
  readonly run: (act: () => Promise<void> | void) => Promise<boolean>;
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const isShown = useIsShown();
  const run = async (act: () => Promise<void> | void): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      return isShown.current;
    } catch (error) {
      setProblem(errorMessage(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, run };
}

/** Return whether the component is still shown, for use after an asynchronous call. */
export function useIsShown(): { readonly current: boolean } {
  const isShown = useRef(true);
  useEffect(
    () => () => {
      isShown.current = false;
    },
    [],
  );
  return isShown;
}
