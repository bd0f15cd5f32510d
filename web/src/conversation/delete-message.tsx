/** The question before a message is taken back. */

import type { VNode } from "preact";

import type { Room } from "../../sdk/index.ts";
import { Confirm } from "../ui/confirm.tsx";
import type { Row } from "./message-rows.ts";

const SHOWN = 200;

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
        {row.text.slice(0, SHOWN).toWellFormed()}
        {row.text.length > SHOWN && "…"}
      </blockquote>
      <p>Its text is gone for everybody, for good. That there was one stays.</p>
    </Confirm>
  );
}
