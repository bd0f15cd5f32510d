/** The head of a room: its name, and what one can do with it. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import type { RoomAsking } from "../room-settings/dialogs.tsx";
import { Later } from "../ui/lazy-part.tsx";
import { useServices } from "../context.ts";
import { rememberedRooms } from "../rooms/room-memory.ts";
import { keepsOrder } from "../room-settings/moderators.ts";
import { hashOf, linkTo } from "../lib/route.ts";
import { countOf } from "../lib/text.ts";
import { CopyButton, IconButton, Name } from "../ui/controls.tsx";
import { Icon } from "../ui/icons.tsx";

interface HeadProps {
  readonly roomId: string;
  readonly room: Room | undefined;
  readonly isShowingMembers: boolean;
  readonly onMembers: () => void;
}

export function Head({ roomId, room, isShowingMembers, onMembers }: HeadProps): VNode {
  const name = useRoomName(roomId, room);
  const isIn = room !== undefined && !room.error && room.status !== "joining";
  return (
    <header class="head">
      <a class="icon-button back" href={hashOf({ view: "rooms" })} aria-label="Back to the rooms">
        <Icon name="back" />
      </a>
      <div class="head-name">
        <h1 class="unseen">Live Chat</h1>
        <h2 id="heading">
          <Name>{name}</Name>
          {isIn && room.visibility === "private" && <span class="tag">private</span>}
        </h2>
        <p>
          {isIn ? countOf(room.memberCount, "person here", "people here") : <span>#{roomId}</span>}
        </p>
      </div>
      {isIn ? (
        <Actions room={room} isShowingMembers={isShowingMembers} onMembers={onMembers} />
      ) : (
        <CopyLink roomId={roomId} />
      )}
    </header>
  );
}

function CopyLink({ roomId }: { readonly roomId: string }): VNode {
  return <CopyButton text={linkTo(roomId, location.href)} label="Copy a link to this room" />;
}

interface ActionsProps extends Pick<HeadProps, "isShowingMembers" | "onMembers"> {
  readonly room: Room;
}

/** What one can do in a room that one is in. */
function Actions({ room, isShowingMembers, onMembers }: ActionsProps): VNode {
  const [asking, setAsking] = useState<RoomAsking>();
  const ask = (dialog: typeof asking) => () => {
    setAsking(dialog);
  };
  const mayInvite = room.visibility === "private" && keepsOrder(room.role);
  return (
    <>
      {mayInvite ? (
        <IconButton icon="invite" label="Invite people" onClick={ask("invite")} />
      ) : (
        <CopyLink roomId={room.id} />
      )}
      <IconButton
        icon="people"
        label={isShowingMembers ? "Hide the people" : "Show the people"}
        aria-expanded={isShowingMembers}
        onClick={onMembers}
      />
      {keepsOrder(room.role) && (
        <IconButton icon="settings" label="Room settings" onClick={ask("settings")} />
      )}
      <IconButton icon="door" label="Leave the room" onClick={ask("leave")} />
      {asking && (
        <Later>
          {(desk) => <desk.RoomDialog asking={asking} room={room} onClose={ask(undefined)} />}
        </Later>
      )}
    </>
  );
}

/** The room's name; as it was at the last visit until the room is there. */
function useRoomName(roomId: string, room: Room | undefined): string {
  const { store } = useServices();
  if (room && !room.error && room.status !== "joining") return room.name;
  return rememberedRooms(store).find((known) => known.roomId === roomId)?.name ?? roomId;
}
