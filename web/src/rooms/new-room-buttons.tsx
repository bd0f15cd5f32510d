/** The buttons that create or join a room. */

import type { VNode } from "preact";

import { Icon } from "../ui/icons.tsx";
import type { NewRoomDialog } from "./room-dialogs.ts";

interface NewRoomButtonsProps {
  readonly onOpen: (dialog: NewRoomDialog) => void;
  /** True if the buttons are the main content of the view. */
  readonly isMain?: boolean;
}

export function NewRoomButtons({ onOpen, isMain = false }: NewRoomButtonsProps): VNode {
  const open = (dialog: NewRoomDialog) => () => {
    onOpen(dialog);
  };
  return (
    <div class={isMain ? "actions" : "rooms-actions"}>
      <button type="button" class={isMain ? "button primary" : "button"} onClick={open("create")}>
        <Icon name="plus" /> New room
      </button>
      <button type="button" class="button" onClick={open("join")}>
        <Icon name="enter" /> {isMain ? "Join a room" : "Join"}
      </button>
    </div>
  );
}
