/** The button that leads to the issuer's pages, and the error of the last attempt. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Waiting } from "../ui/controls.tsx";
import { SignInLayout } from "./layout.tsx";

interface RedirectButtonProps {
  /** Resolves when a return from the issuer is handled: to an error message, or to undefined. */
  readonly returned: Promise<string | undefined>;
  /** Goes to the issuer. Resolves to an error message, or to undefined. */
  readonly onSignIn: () => Promise<string | undefined>;
}

export function RedirectButton({ returned, onSignIn }: RedirectButtonProps): VNode {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(true);
  const finish = (message: string | undefined): void => {
    setProblem(message);
    setBusy(false);
  };
  useEffect(() => {
    void returned.then(finish);
  }, [returned]);
  const signIn = async (): Promise<void> => {
    setBusy(true);
    finish(await onSignIn());
  };
  return (
    <SignInLayout problem={problem}>
      {isBusy ? (
        <Waiting label="Signing you in" />
      ) : (
        <button
          type="button"
          class="button primary wide"
          onClick={() => {
            void signIn();
          }}
        >
          Sign in
        </button>
      )}
    </SignInLayout>
  );
}
