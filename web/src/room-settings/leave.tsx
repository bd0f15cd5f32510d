/** Leaving a room: for good, with every device and role; an only owner may hide it. */

import type { VNode } from "preact";

import { ChatError, type Room } from "../../sdk/index.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Name } from "../ui/controls.tsx";
import { useChat, useServices } from "../context.ts";
import { forgetRoom } from "../rooms/room-memory.ts";
import { hashOf } from "../lib/route.ts";
import { Excuse } from "../lib/error-messages.ts";

interface LeaveProps {
  readonly room: Room;
  readonly onClose: () => void;
}

export function Leave({ room, onClose }: LeaveProps): VNode {
  const { id: roomId, name, role, visibility } = room;
  const chat = useChat();
  const { store } = useServices();
  const hide = (): void => {
    location.hash = hashOf({ view: "rooms" });
    forgetRoom(store, roomId);
  };
  const leave = async (): Promise<void> => {
    if (chat.connection.state === "open") {
      await chat.leaveRoom(roomId, { forGood: true }).catch(keepOwners);
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
            Only take it off my list
          </button>
        </p>
      }
    >
      <p>
        You leave <Name>{name}</Name> on all your devices, and it goes from your list.{" "}
        {visibility === "private" ? (
          "To come back you need a new invite."
        ) : (
          <>
            You can come back by its address, <b>{roomId}</b>.
          </>
        )}
        {role !== undefined && ` You are no ${role} any more then.`}
      </p>
    </Confirm>
  );
}

/** A refusal has a reason to be told; whatever else goes wrong keeps nobody in a room. */
function keepOwners(error: unknown): void {
  if (!(error instanceof ChatError) || error.code !== "forbidden") return;
  throw new Excuse(
    "You are the only owner. Make somebody else owner first, or delete the room in its settings.",
  );
}
