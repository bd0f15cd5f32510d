/** The rooms that other users have invited the user to. */

import type { VNode } from "preact";

import { useChat } from "../context.ts";
import { hashOf } from "../lib/route.ts";
import { Name } from "../ui/controls.tsx";

export function Invitations(): VNode | null {
  const chat = useChat();
  if (chat.invitations.length === 0) return null;
  return (
    <ul class="invitations" aria-label="Invitations">
      {chat.invitations.map(({ roomId, name, by }) => (
        <li key={roomId}>
          <p role="status">
            <Name>{by.name}</Name> invites you to <Name>{name}</Name>
          </p>
          <a class="button primary" href={hashOf({ view: "room", roomId })}>
            Join
          </a>
          <button
            type="button"
            class="button"
            onClick={() => {
              chat.dismissInvitation(roomId);
            }}
          >
            Not now
          </button>
        </li>
      ))}
    </ul>
  );
}
