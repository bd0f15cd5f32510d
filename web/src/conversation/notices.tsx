/** Rare notices of a room: missed messages, a mute, and a message that was not sent. */

import type { VNode } from "preact";

import type { ChatError, Room } from "../../sdk/index.ts";
import { untilWhen } from "../lib/dates.ts";
import { errorMessage } from "../lib/error-messages.ts";
import { Icon } from "../ui/icons.tsx";

/** Says that messages may be missing, until the user dismisses it. */
export function DiscontinuityNotice({ room }: { readonly room: Room }): VNode {
  return (
    <div class="notice" role="status">
      <span class="notice-dot" aria-hidden="true" />
      <span>Some messages from while you were away may be missing.</span>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          room.dismissDiscontinuity();
        }}
      >
        Dismiss
      </button>
    </div>
  );
}

export function MutedNotice({ until }: { readonly until: number }): VNode {
  return <>You are muted {untilWhen(until)}. You can still read messages.</>;
}

interface UnsentNoticeProps {
  readonly id: string;
  readonly error: ChatError | undefined;
  readonly room: Room;
}

/** Says why a message was not sent, and offers to retry or to discard it. */
export function UnsentNotice({ id, error, room }: UnsentNoticeProps): VNode {
  return (
    <p class="delivery failed">
      <Icon name="warning" />
      <span role="alert">Not sent. {error && errorMessage(error)}</span>
      {room.mutedUntil === undefined && (
        <button
          type="button"
          class="link-button"
          onClick={() => {
            room.retry(id);
          }}
        >
          Retry
        </button>
      )}
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
