/** The question before one is forgotten. */

import type { VNode } from "preact";

import { Confirm } from "./confirm.tsx";
import { useSelf } from "../services.ts";
import { hashOf } from "../state/route.ts";

export function SignOut({ onClose }: { readonly onClose: () => void }): VNode {
  const { isGuest, signOut } = useSelf();
  return (
    <Confirm
      title="Sign out?"
      yes="Sign out"
      no="Stay"
      onClose={onClose}
      onYes={() => {
        location.hash = hashOf({ view: "rooms" });
        signOut();
      }}
    >
      <p>
        This browser forgets who you are, your rooms and your drafts, and what you wrote that is not
        sent yet. What you said stays
        {isGuest ? ", but you cannot come back as the same guest." : "."}
      </p>
    </Confirm>
  );
}
