/** The layout of every sign-in page. */

import type { ComponentChildren, VNode } from "preact";

import { Logo } from "../ui/icons.tsx";
import { useRoute, useStored } from "../ui/use-store.ts";
import { lastAccount } from "./account.ts";

interface SignInLayoutProps {
  readonly problem: string | undefined;
  readonly children: ComponentChildren;
}

export function SignInLayout({ problem, children }: SignInLayoutProps): VNode {
  const before = useStored(lastAccount);
  const route = useRoute();
  return (
    <main class="standalone">
      <div class="sign-in">
        <Logo />
        <h1>Live Chat</h1>
        <p class="lead">
          {before ? (
            "Your session has expired. Sign in again to continue where you were."
          ) : route.view === "room" ? (
            <>
              You're invited to <strong class="room-id">{route.roomId}</strong>. Sign in to join.
            </>
          ) : (
            "Sign in to start chatting."
          )}
        </p>
        {problem !== undefined && (
          <p class="hint error" role="alert">
            {problem}
          </p>
        )}
        {children}
        <p class="fine-print">
          You'll stay signed in on this browser, in every tab, until you sign out.
        </p>
      </div>
    </main>
  );
}
