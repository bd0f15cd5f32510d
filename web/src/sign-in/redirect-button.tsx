/** The way to the issuer's pages, and what went wrong there. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Waiting } from "../ui/controls.tsx";
import { Porch } from "./layout.tsx";

interface Props {
  /** Settles when it is clear whether one comes back from there just now. */
  readonly arrival: Promise<string | undefined>;
  readonly leave: () => Promise<string | undefined>;
}

export function SignInButton({ arrival, leave }: Props): VNode {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(true);
  const settle = (words: string | undefined): void => {
    setProblem(words);
    setBusy(false);
  };
  useEffect(() => {
    void arrival.then(settle);
  }, [arrival]);
  const go = async (): Promise<void> => {
    setBusy(true);
    settle(await leave());
  };
  return (
    <Porch problem={problem}>
      {isBusy ? (
        <Waiting label="Signing you in" />
      ) : (
        <button
          type="button"
          class="button primary wide"
          onClick={() => {
            void go();
          }}
        >
          Sign in
        </button>
      )}
    </Porch>
  );
}
