/** What stands above the first message: its beginning, older ones on their way, or what may lack. */

import type { VNode } from "preact";

import type { Room } from "../../sdk/index.ts";
import { Waiting } from "../ui/controls.tsx";

/** Pixels above the first message, always the same: nothing jumps when the last page arrives. */
export const SPACE_ABOVE = 132;

interface BeforeProps {
  readonly room: Room;
  readonly hasFailed: boolean;
  readonly onRetry: () => void;
}

export function Before({ room, hasFailed, onRetry }: BeforeProps): VNode {
  return (
    <div class="before">
      {hasFailed ? (
        <p role="alert">
          Older messages could not be loaded.{" "}
          <button type="button" class="link-button" onClick={onRetry}>
            Try again
          </button>
        </p>
      ) : room.hasOlder ? (
        <Waiting label="Loading older messages" />
      ) : (
        <Beginning room={room} />
      )}
    </div>
  );
}

function Beginning({ room }: { readonly room: Room }): VNode {
  const isEmpty = room.messages.length === 0 && room.outgoing.length === 0;
  const invitation =
    room.visibility === "private" ? "" : " Say something, or copy the link and invite somebody.";
  return (
    <>
      <p class="before-name" dir="auto">
        {room.name}
      </p>
      <p>
        {isEmpty
          ? `Nothing has been said here yet.${invitation}`
          : "This is where the conversation begins."}
      </p>
    </>
  );
}
