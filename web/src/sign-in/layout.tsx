/** What stands around every way to sign in. */

import type { ComponentChildren, VNode } from "preact";

import { Logo } from "../ui/icons.tsx";
import { useRoute, useStored } from "../ui/use-store.ts";
import { lastAccount } from "./account.ts";

interface PorchProps {
  readonly problem: string | undefined;
  readonly children: ComponentChildren;
}

export function Porch({ problem, children }: PorchProps): VNode {
  const before = useStored(lastAccount);
  const route = useRoute();
  return (
    <main class="alone">
      <div class="welcome">
        <Logo />
        <h1>Live Chat</h1>
        <p class="lead">
          {before ? (
            "Your sign-in has ended. Sign in again, and go on where you were."
          ) : route.view === "room" ? (
            <>
              You are invited to <strong class="room-id">{route.roomId}</strong>. Sign in, and come
              in.
            </>
          ) : (
            "Sign in, and start talking."
          )}
        </p>
        {problem !== undefined && (
          <p class="hint error" role="alert">
            {problem}
          </p>
        )}
        {children}
        <p class="fine">You stay signed in in this browser, in every tab, until you sign out.</p>
      </div>
    </main>
  );
}
