/** A room's settings: its name, who has a role, who is banned, whether it is public, its end. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Member, Room } from "../../sdk/index.ts";
import { Confirm, Problem } from "../ui/confirm.tsx";
import { Field, Name } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useAction } from "../ui/use-action.ts";
import { useChat, useServices } from "../context.ts";
import { forgetRoom } from "../rooms/room-memory.ts";
import { hashOf } from "../lib/route.ts";
import { isVisible, length, tidyName } from "../lib/text.ts";
import { Banned } from "./ban-list.tsx";
import { PersonMenu } from "./member-menu.tsx";
import { Roles } from "./role-list.tsx";

interface Props {
  readonly room: Room;
  readonly onClose: () => void;
}

export function Settings({ room, onClose }: Props): VNode {
  const [asking, setAsking] = useState<"publish" | "delete">();
  const [chosen, setChosen] = useState<Member>();
  const isOwner = room.role === "owner";
  if (chosen) return <PersonMenu room={room} member={chosen} onClose={onClose} />;
  if (asking === "publish") return <Publish room={room} onClose={onClose} />;
  if (asking === "delete") return <Delete room={room} onClose={onClose} />;
  return (
    <Dialog title="Room settings" onClose={onClose}>
      {isOwner && <Rename room={room} />}
      <Roles room={room} onChoose={setChosen} />
      <h3>Banned people</h3>
      <Banned room={room} />
      {isOwner && (
        <div class="choices">
          {room.visibility === "private" && (
            <button
              type="button"
              class="button"
              onClick={() => {
                setAsking("publish");
              }}
            >
              Make the room public…
            </button>
          )}
          <button
            type="button"
            class="button risky"
            onClick={() => {
              setAsking("delete");
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
  const isLong = length(name) > (limits?.nameLength ?? 64);
  const wrong = isVisible(name) ? isLong && "That is too long." : "Please type a name one can see.";
  return (
    <form
      class="form"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong && name !== room.name) void run(() => room.update({ name }));
      }}
    >
      <Field
        id="room-name"
        label="Name"
        value={typed}
        onValue={setTyped}
        error={wrong || undefined}
        hint={name === room.name ? "Everybody here sees it." : "Not saved yet."}
      />
      <Problem text={problem} />
      <button type="submit" class="button" aria-disabled={isBusy || name === room.name}>
        Save the name
      </button>
    </form>
  );
}

function Publish({ room, onClose }: Props): VNode {
  return (
    <Confirm
      title="Make the room public?"
      yes="Make it public"
      onYes={() => room.update({ visibility: "public" })}
      onClose={onClose}
    >
      <p>
        Everybody can find <Name>{room.name}</Name> and read all that was ever said in it. It cannot
        be made private again.
      </p>
    </Confirm>
  );
}

function Delete({ room, onClose }: Props): VNode {
  const { store } = useServices();
  const end = async (): Promise<void> => {
    await room.delete();
    location.hash = hashOf({ view: "rooms" });
    forgetRoom(store, room.id);
  };
  return (
    <Confirm title="Delete the room?" yes="Delete it for everybody" onYes={end} onClose={onClose}>
      <p>
        <Name>{room.name}</Name> and all that was said in it is gone for everybody, for good.
      </p>
    </Confirm>
  );
}
