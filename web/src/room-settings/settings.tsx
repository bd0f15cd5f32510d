/** The dialog of a room's settings: name, roles, invites, bans, visibility and deletion. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import {
  isVisible,
  NAME_LENGTH,
  type Member,
  type OpenInvite,
  type Room,
} from "../../sdk/index.ts";
import { Confirm, Problem } from "../ui/confirm.tsx";
import { Field, Name } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useAction } from "../ui/use-action.ts";
import { useChat, useServices } from "../context.ts";
import { forgetRoom } from "../rooms/room-memory.ts";
import { showRoomsInsteadOf } from "../rooms/sync-rooms.ts";
import { length, tidyName } from "../lib/text.ts";
import { BanList } from "./ban-list.tsx";
import { InviteList, RevokeDialog } from "./invite-list.tsx";
import { MemberMenu } from "./member-menu.tsx";
import { RoleList } from "./role-list.tsx";

interface SettingsDialogProps {
  readonly room: Room;
  readonly onClose: () => void;
}

export function SettingsDialog({ room, onClose }: SettingsDialogProps): VNode {
  const [dialog, setDialog] = useState<"publish" | "delete">();
  const [chosen, setChosen] = useState<Member>();
  const [revoked, setRevoked] = useState<OpenInvite>();
  const showSettings = (): void => {
    setRevoked(undefined);
  };
  const isOwner = room.role === "owner";
  if (chosen) return <MemberMenu room={room} member={chosen} onClose={onClose} />;
  if (revoked) return <RevokeDialog room={room} invite={revoked} onClose={showSettings} />;
  if (dialog === "publish") return <PublishDialog room={room} onClose={onClose} />;
  if (dialog === "delete") return <DeleteDialog room={room} onClose={onClose} />;
  return (
    <Dialog title="Room settings" onClose={onClose}>
      {isOwner && <Rename room={room} />}
      <RoleList room={room} onChoose={setChosen} />
      {room.visibility === "private" && <InviteList room={room} onRevoke={setRevoked} />}
      <h3>Banned people</h3>
      <BanList room={room} />
      {isOwner && (
        <div class="choices">
          {room.visibility === "private" && (
            <button
              type="button"
              class="button"
              onClick={() => {
                setDialog("publish");
              }}
            >
              Make the room public…
            </button>
          )}
          <button
            type="button"
            class="button risky"
            onClick={() => {
              setDialog("delete");
            }}
          >
            Delete the room…
          </button>
        </div>
      )}
    </Dialog>
  );
}

function Rename({ room }: { readonly room: Room }): VNode {
  const { limits } = useChat();
  const [typed, setTyped] = useState(room.name);
  const { run, isBusy, problem } = useAction();
  const name = tidyName(typed);
  const isLong = length(name) > (limits?.nameLength ?? NAME_LENGTH);
  const error = isVisible(name) ? isLong && "That is too long." : "Please enter a visible name.";
  return (
    <form
      class="form"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!error && name !== room.name) void run(() => room.update({ name }));
      }}
    >
      <Field
        id="room-name"
        label="Name"
        value={typed}
        onValue={setTyped}
        error={error || undefined}
        hint={name === room.name ? "Everyone in this room sees it." : "Not saved yet."}
      />
      <Problem text={problem} />
      <button type="submit" class="button" aria-disabled={isBusy || name === room.name}>
        Save the name
      </button>
    </form>
  );
}

function PublishDialog({ room, onClose }: SettingsDialogProps): VNode {
  return (
    <Confirm
      title="Make the room public?"
      yes="Make it public"
      onYes={() => room.update({ visibility: "public" })}
      onClose={onClose}
    >
      <p>
        Everyone can find <Name>{room.name}</Name> and read all its messages, old and new. It can't
        be made private again.
      </p>
    </Confirm>
  );
}

function DeleteDialog({ room, onClose }: SettingsDialogProps): VNode {
  const { store } = useServices();
  const deleteRoom = async (): Promise<void> => {
    await room.delete();
    showRoomsInsteadOf(room.id);
    forgetRoom(store, room.id);
  };
  return (
    <Confirm
      title="Delete the room?"
      yes="Delete it for everyone"
      onYes={deleteRoom}
      onClose={onClose}
    >
      <p>
        This deletes <Name>{room.name}</Name> and all its messages for everyone. It can't be undone.
      </p>
    </Confirm>
  );
}
