/** The dialogs of the buttons in the header of a room. */

import type { VNode } from "preact";

import type { Room } from "../../sdk/index.ts";
import type { RoomDialogName } from "../rooms/room-dialogs.ts";
import { InviteDialog } from "./invite.tsx";
import { LeaveDialog } from "./leave.tsx";
import { SettingsDialog } from "./settings.tsx";

interface RoomDialogProps {
  readonly dialog: RoomDialogName;
  readonly room: Room;
  readonly onClose: () => void;
}

export function RoomDialog({ dialog, room, onClose }: RoomDialogProps): VNode {
  switch (dialog) {
    case "leave":
      return <LeaveDialog room={room} onClose={onClose} />;
    case "invite":
      return <InviteDialog room={room} onClose={onClose} />;
    case "settings":
      return <SettingsDialog room={room} onClose={onClose} />;
  }
}
