/** Why a message was not sent, and what to do about it. */

import type { VNode } from "preact";

import type { ChatError, Room } from "../../sdk/index.ts";
import { Icon } from "../ui/icons.tsx";
import { explain } from "../lib/error-messages.ts";

interface NotSentProps {
  readonly id: string;
  readonly error: ChatError | undefined;
  readonly room: Room;
}

export function NotSent({ id, error, room }: NotSentProps): VNode {
  return (
    <p class="delivery failed">
      <Icon name="warning" />
      <span role="alert">Not sent. {error && explain(error)}</span>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          room.retry(id);
        }}
      >
        Retry
      </button>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          room.discard(id);
        }}
      >
        Discard
      </button>
    </p>
  );
}
