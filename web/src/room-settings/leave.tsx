/** The dialog that leaves a room, on all devices and with every role. The last owner can only hide it. */

import type { VNode } from "preact";

import { ChatError, type Room } from "../../sdk/index.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Name } from "../ui/controls.tsx";
import { useChat, useServices } from "../context.ts";
import { forgetRoom } from "../rooms/room-memory.ts";
import { showRoomsInsteadOf } from "../rooms/sync-rooms.ts";
import { UserMessage } from "../lib/error-messages.ts";

interface LeaveDialogProps {
  readonly room: Room;
  readonly onClose: () => void;
}

export function LeaveDialog({ room, onClose }: LeaveDialogProps): VNode {
  const { id: roomId, name, role, visibility } = room;
  const chat = useChat();
  const { store } = useServices();
  const hide = (): void => {
    showRoomsInsteadOf(roomId);
    forgetRoom(store, roomId);
  };
  const leave = async (): Promise<void> => {
    if (chat.connection.state === "open") {
      await chat.leaveRoom(roomId, { forGood: true }).catch(ignoreUnlessForbidden);
    }
    hide();
  };
  return (
    <Confirm
      title="Leave this room?"
      yes="Leave"
      no="Stay"
      onYes={leave}
      onClose={onClose}
      instead={
        <p>
          <button type="button" class="link-button" onClick={hide}>
            Just hide it from my list
          </button>
        </p>
      }
    >
      <p>
        You'll leave <Name>{name}</Name> on all your devices, and it will disappear from your list.{" "}
        {visibility === "private" ? (
          "To come back, you need a new invite."
        ) : (
          <>
            You can come back with its address, <b>{roomId}</b>.
          </>
        )}
        {role !== undefined && ` You'll no longer be its ${role}.`}
      </p>
    </Confirm>
  );
}

/** Throw a message for the last owner. Other errors must not keep the user in the room. */
function ignoreUnlessForbidden(error: unknown): void {
  if (!(error instanceof ChatError) || error.code !== "forbidden") return;
  throw new UserMessage(
    "You are the only owner. Make another member owner first, or delete the room in its settings.",
  );
}
