/** The head of a room: its name, and what one can do with it. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { useServices } from "../services.ts";
import { forgetRoom, rememberedRooms } from "../state/memory.ts";
import { hashOf, linkTo } from "../state/route.ts";
import { countOf } from "../state/text.ts";
import { IconButton, Name } from "./controls.tsx";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icons.tsx";

interface HeadProps {
  readonly roomId: string;
  readonly room: Room | undefined;
  readonly isShowingMembers: boolean;
  readonly onMembers: () => void;
}

export function Head({ roomId, room, isShowingMembers, onMembers }: HeadProps): VNode {
  const [isLeaving, setLeaving] = useState(false);
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
        </h2>
        <p>
          {isIn ? countOf(room.memberCount, "person here", "people here") : <span>#{roomId}</span>}
        </p>
      </div>
      <CopyLink roomId={roomId} />
      {isIn && (
        <>
          <IconButton
            icon="people"
            label={isShowingMembers ? "Hide the people" : "Show the people"}
            aria-expanded={isShowingMembers}
            onClick={onMembers}
          />
          <IconButton
            icon="door"
            label="Leave the room"
            onClick={() => {
              setLeaving(true);
            }}
          />
        </>
      )}
      {isLeaving && (
        <Leave
          roomId={roomId}
          name={name}
          onClose={() => {
            setLeaving(false);
          }}
        />
      )}
    </header>
  );
}

/** The room's name; as it was at the last visit until the room is there. */
function useRoomName(roomId: string, room: Room | undefined): string {
  const { store } = useServices();
  if (room && !room.error && room.status !== "joining") return room.name;
  return rememberedRooms(store).find((known) => known.roomId === roomId)?.name ?? roomId;
}

const SHOWN_FOR = 2_000;

function CopyLink({ roomId }: { readonly roomId: string }): VNode {
  const [result, setResult] = useState<"copied" | "failed">();
  useEffect(() => {
    if (result === undefined) return undefined;
    const timer = setTimeout(() => {
      setResult(undefined);
    }, SHOWN_FOR);
    return () => {
      clearTimeout(timer);
    };
  }, [result]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(linkTo(roomId, location.href));
      setResult("copied");
    } catch {
      setResult("failed");
    }
  };
  return (
    <span class="copy">
      <IconButton
        icon={result === "copied" ? "check" : "link"}
        label="Copy a link to this room"
        onClick={() => {
          void copy();
        }}
      />
      <span class="copy-result" role="status">
        {result === "copied" && "Link copied"}
        {result === "failed" && "Copy it from the address bar"}
      </span>
    </span>
  );
}

interface LeaveProps {
  readonly roomId: string;
  readonly name: string;
  readonly onClose: () => void;
}

function Leave({ roomId, name, onClose }: LeaveProps): VNode {
  const { store } = useServices();
  return (
    <Dialog title="Leave this room?" onClose={onClose}>
      <p>
        <Name>{name}</Name> goes from your list. You can come back by its address, <b>{roomId}</b>.
      </p>
      <p class="actions end">
        <button type="button" class="button" onClick={onClose}>
          Stay
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            location.hash = hashOf({ view: "rooms" });
            forgetRoom(store, roomId);
          }}
        >
          Leave
        </button>
      </p>
    </Dialog>
  );
}
