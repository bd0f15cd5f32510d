/** The header of a room: its name, and the buttons for its dialogs. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { useServices } from "../context.ts";
import { activeRole, canModerate } from "../lib/roles.ts";
import { hashOf, linkTo } from "../lib/route.ts";
import { countOf } from "../lib/text.ts";
import type { RoomDialogName } from "../rooms/room-dialogs.ts";
import { rememberedRooms } from "../rooms/room-memory.ts";
import { CopyButton, IconButton, Name } from "../ui/controls.tsx";
import { Icon } from "../ui/icons.tsx";
import { Lazy } from "../ui/lazy-part.tsx";

interface HeaderProps {
  readonly roomId: string;
  readonly room: Room | undefined;
  readonly isShowingMembers: boolean;
  readonly onMembers: () => void;
}

export function Header({ roomId, room, isShowingMembers, onMembers }: HeaderProps): VNode {
  const name = useRoomName(roomId, room);
  const isJoined = room !== undefined && !room.error && room.status !== "joining";
  return (
    <header class="room-header">
      <a class="icon-button back" href={hashOf({ view: "rooms" })} aria-label="Back to the rooms">
        <Icon name="back" />
      </a>
      <div class="room-header-name">
        <h1 class="visually-hidden">Live Chat</h1>
        <h2 id="heading">
          <Name>{name}</Name>
          {isJoined && room.visibility === "private" && <span class="tag">private</span>}
        </h2>
        <p>
          {isJoined ? (
            countOf(room.memberCount, "person here", "people here")
          ) : (
            <span>#{roomId}</span>
          )}
        </p>
      </div>
      {isJoined ? (
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

interface ActionsProps extends Pick<HeaderProps, "isShowingMembers" | "onMembers"> {
  readonly room: Room;
}

/** The buttons of a room that the user is in. */
function Actions({ room, isShowingMembers, onMembers }: ActionsProps): VNode {
  const [dialog, setDialog] = useState<RoomDialogName>();
  const open = (name: typeof dialog) => () => {
    setDialog(name);
  };
  const mayInvite = room.visibility === "private" && canModerate(activeRole(room));
  return (
    <>
      {mayInvite ? (
        <IconButton icon="invite" label="Invite people" onClick={open("invite")} />
      ) : (
        <CopyLink roomId={room.id} />
      )}
      <IconButton
        icon="people"
        label={isShowingMembers ? "Hide members" : "Show members"}
        aria-expanded={isShowingMembers}
        onClick={onMembers}
      />
      {canModerate(room.role) && (
        <IconButton icon="settings" label="Room settings" onClick={open("settings")} />
      )}
      <IconButton icon="exit" label="Leave the room" onClick={open("leave")} />
      {dialog && (
        <Lazy>
          {(parts) => <parts.RoomDialog dialog={dialog} room={room} onClose={open(undefined)} />}
        </Lazy>
      )}
    </>
  );
}

/** Return the name of the room. Until the room is joined, the name of the last visit. */
function useRoomName(roomId: string, room: Room | undefined): string {
  const { store } = useServices();
  if (room && !room.error && room.status !== "joining") return room.name;
  return rememberedRooms(store).find((known) => known.roomId === roomId)?.name ?? roomId;
}
