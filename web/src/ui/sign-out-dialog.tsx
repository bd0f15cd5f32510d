/** Asks before the user signs out. */

import type { VNode } from "preact";

import type { Chat } from "../../sdk/index.ts";
import { useAuth, useChat } from "../context.ts";
import { hashOf } from "../lib/route.ts";
import { Confirm } from "./confirm.tsx";

/** Milliseconds to wait for the server. If it does not reply, the browser signs out without it. */
const SIGN_OUT_TIMEOUT = 3_000;

export function SignOutDialog({ onClose }: { readonly onClose: () => void }): VNode {
  const chat = useChat();
  const { isGuest, signOut } = useAuth();
  return (
    <Confirm
      title="Sign out?"
      yes="Sign out"
      no="Stay"
      onClose={onClose}
      onYes={async () => {
        if (!isGuest) await revokeToken(chat);
        location.hash = hashOf({ view: "rooms" });
        signOut();
      }}
    >
      <p>
        This browser will forget who you are, your rooms, your drafts and your unsent messages. The
        messages that you sent stay
        {isGuest ? ", but you cannot come back as the same guest." : "."}
      </p>
    </Confirm>
  );
}

/** Ask the server to revoke the token, if there is a connection. A stolen copy is useless then. */
async function revokeToken(chat: Chat): Promise<void> {
  if (chat.connection.state !== "open") return;
  const timeout = new Promise<void>((resolve) => {
    setTimeout(resolve, SIGN_OUT_TIMEOUT);
  });
  await Promise.race([chat.signOut().catch(() => undefined), timeout]);
}
