/** The space above the first message: the start of the room, or the state of loading. */

import type { VNode } from "preact";

import type { Room } from "../../sdk/index.ts";
import { Waiting } from "../ui/controls.tsx";

/** Pixels above the first message, always the same, so that nothing moves after the last page. */
export const SPACE_ABOVE = 132;

interface HistoryStartProps {
  readonly room: Room;
  readonly hasFailed: boolean;
  readonly onRetry: () => void;
}

export function HistoryStart({ room, hasFailed, onRetry }: HistoryStartProps): VNode {
  return (
    <div class="history-start">
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
  const hint =
    room.visibility === "private" ? "" : " Say something, or copy the link to invite people.";
  return (
    <>
      <p class="history-start-name" dir="auto">
        {room.name}
      </p>
      <p>{isEmpty ? `No messages yet.${hint}` : "This is the start of the conversation."}</p>
    </>
  );
}
