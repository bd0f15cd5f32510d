/** Asks before a message is deleted. */

import type { VNode } from "preact";

import type { Room } from "../../sdk/index.ts";
import { Confirm } from "../ui/confirm.tsx";
import type { Row } from "./message-rows.ts";

const MAX_QUOTE = 200;

interface DeleteMessageProps {
  readonly room: Room;
  readonly row: Row;
  readonly onClose: () => void;
}

export function DeleteMessage({ room, row, onClose }: DeleteMessageProps): VNode {
  return (
    <Confirm
      title="Delete this message?"
      yes="Delete"
      onYes={() => room.deleteMessage(row.seq ?? 0)}
      onClose={onClose}
    >
      <blockquote class="detail" dir="auto">
        {row.text.slice(0, MAX_QUOTE).toWellFormed()}
        {row.text.length > MAX_QUOTE && "…"}
      </blockquote>
      <p>
        This deletes the text for everyone and can't be undone. “Message deleted” stays in its
        place.
      </p>
    </Confirm>
  );
}
