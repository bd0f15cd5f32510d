/** The question before one is forgotten. */

import type { VNode } from "preact";

import type { Chat } from "../../sdk/index.ts";
import { Confirm } from "./confirm.tsx";
import { useChat, useSelf } from "../context.ts";
import { hashOf } from "../lib/route.ts";

/** Milliseconds for the chat to hear of it; who cannot reach it signs out all the same. */
const HEARD_WITHIN = 3_000;

export function SignOut({ onClose }: { readonly onClose: () => void }): VNode {
  const chat = useChat();
  const { isGuest, signOut } = useSelf();
  return (
    <Confirm
      title="Sign out?"
      yes="Sign out"
      no="Stay"
      onClose={onClose}
      onYes={async () => {
        if (!isGuest) await told(chat);
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

/** Let a copy of the token be good for nothing, as far as the chat can be told now. */
async function told(chat: Chat): Promise<void> {
  if (chat.connection.state !== "open") return;
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, HEARD_WITHIN);
  });
  await Promise.race([chat.signOut().catch(() => undefined), late]);
}
