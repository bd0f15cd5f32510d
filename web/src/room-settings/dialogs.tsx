/** What the buttons in a room's head open. */

import type { VNode } from "preact";

import type { Room } from "../../sdk/index.ts";
import { Invite } from "./invite.tsx";
import { Leave } from "./leave.tsx";
import { Settings } from "./settings.tsx";

export type RoomAsking = "leave" | "invite" | "settings";

interface RoomDialogProps {
  readonly asking: RoomAsking;
  readonly room: Room;
  readonly onClose: () => void;
}

export function RoomDialog({ asking, room, onClose }: RoomDialogProps): VNode {
  switch (asking) {
    case "leave":
      return <Leave room={room} onClose={onClose} />;
    case "invite":
      return <Invite room={room} onClose={onClose} />;
    case "settings":
      return <Settings room={room} onClose={onClose} />;
  }
}
