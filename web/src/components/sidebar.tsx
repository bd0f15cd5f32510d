/** The first column: the rooms one is in, and oneself. */

import type { VNode } from "preact";

import type { Room } from "../../sdk/index.ts";
import { useMedia, useNow, useStored } from "../hooks/changes.ts";
import { useChat } from "../services.ts";
import { shortTime } from "../state/dates.ts";
import type { Person } from "../state/people.ts";
import { draftOf, lastRead, rememberedRooms, type RememberedRoom } from "../state/memory.ts";
import { colourOf, initials } from "../state/people.ts";
import { hashOf } from "../state/route.ts";
import { badge, unreadIn, type Unread } from "../state/unread.ts";
import { Name } from "./controls.tsx";
import { Icon, Logo } from "./icons.tsx";
import { Profile } from "./profile.tsx";
import type { Asking } from "./shell.tsx";

const MINUTE = 60_000;

interface SidebarProps {
  readonly guest: Person;
  readonly roomId: string | undefined;
  readonly onAsk: (asking: Asking) => void;
}

export function Sidebar({ guest, roomId, onAsk }: SidebarProps): VNode {
  const isMain = useMedia("(max-width: 47.99rem)") && roomId === undefined;
  return (
    <div class="sidebar">
      <header class="brand">
        <Logo />
        <h1>Live Chat</h1>
      </header>
      <div class="rooms-place" {...(isMain && { role: "main" })}>
        <nav class="rooms" aria-label="Rooms">
          <Entries roomId={roomId} />
          <div class="rooms-actions">
            <button
              type="button"
              class="button"
              onClick={() => {
                onAsk("create");
              }}
            >
              <Icon name="plus" /> New room
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                onAsk("join");
              }}
            >
              <Icon name="enter" /> Join
            </button>
          </div>
        </nav>
      </div>
      <Profile guest={guest} />
    </div>
  );
}

function Entries({ roomId }: { readonly roomId: string | undefined }): VNode {
  const chat = useChat();
  const now = useNow(MINUTE);
  const entries = useStored((store) =>
    rememberedRooms(store)
      .map((remembered) => {
        const { roomId: id } = remembered;
        const room = chat.rooms.get(id);
        const unread = room && unreadIn(room, lastRead(store, id), chat.me?.userId);
        return { remembered, room, unread, draft: id === roomId ? "" : draftOf(store, id) };
      })
      .sort((one, other) => activity(other.room) - activity(one.room)),
  );
  if (entries.length === 0) {
    return (
      <p class="rooms-empty">
        You are in no room yet. Open one, or join one by its address or link.
      </p>
    );
  }
  return (
    <ul class="rooms-list">
      {entries.map((entry) => (
        <li key={entry.remembered.roomId}>
          <Entry {...entry} now={now} isCurrent={entry.remembered.roomId === roomId} />
        </li>
      ))}
    </ul>
  );
}

interface EntryProps {
  readonly remembered: RememberedRoom;
  readonly room: Room | undefined;
  readonly unread: Unread | undefined;
  readonly draft: string;
  readonly now: number;
  readonly isCurrent: boolean;
}

function Entry({ remembered, room, unread, draft, now, isCurrent }: EntryProps): VNode {
  const { roomId } = remembered;
  const name = room && room.status !== "joining" && !room.error ? room.name : remembered.name;
  const last = room?.messages.at(-1);
  const hasUnread = unread !== undefined && unread.count > 0;
  return (
    <a
      class="room-link"
      href={hashOf({ view: "room", roomId })}
      data-unread={hasUnread}
      {...(isCurrent && { "aria-current": "page" })}
    >
      <span class="avatar square" data-colour={colourOf(roomId)} aria-hidden="true">
        {initials(name)}
      </span>
      <span class="room-line">
        <Name>{name}</Name>
        {last && <time class="room-time">{shortTime(Date.parse(last.sentAt), now)}</time>}
      </span>
      <span class="room-line">
        <span class="room-last" dir="auto">
          {preview(room, draft)}
        </span>
        {hasUnread && (
          <span class="badge">
            {badge(unread)}
            <span class="unseen"> unread</span>
          </span>
        )}
      </span>
    </a>
  );
}

/** One line on what is in the room. */
function preview(room: Room | undefined, draft: string): VNode | string {
  if (room?.error)
    return room.error.code === "room_not_found" ? "This room is gone" : "Cannot be had";
  if (draft !== "") return <em class="room-draft">Draft: {draft.slice(0, 80)}</em>;
  const last = room?.messages.at(-1);
  if (last) return `${last.sender.name}: ${last.text.slice(0, 120)}`;
  return room?.status === "joined" ? "Nothing said yet" : "…";
}

function activity(room: Room | undefined): number {
  const last = room?.messages.at(-1);
  return last ? Date.parse(last.sentAt) : 0;
}
