/** The first column: the rooms one is in, and oneself. */

import type { VNode } from "preact";

import type { ChatError, Room } from "../../sdk/index.ts";
import { useMedia, useNow, useStored } from "../ui/use-store.ts";
import { Later } from "../ui/lazy-part.tsx";
import { useChat } from "../context.ts";
import { shortTime } from "../lib/dates.ts";
import type { Person } from "../lib/avatar.ts";
import { draftOf, lastRead, rememberedRooms, type RememberedRoom } from "./room-memory.ts";
import { colourOf, initials } from "../lib/avatar.ts";
import { hashOf } from "../lib/route.ts";
import { badge, unreadIn, type Unread } from "./unread.ts";
import { Notes } from "../ui/connection-notice.tsx";
import { Name } from "../ui/controls.tsx";
import { Logo } from "../ui/icons.tsx";
import { Profile } from "../ui/profile.tsx";
import type { Asking } from "../layout.tsx";
import { WaysIn } from "./new-room-buttons.tsx";

const MINUTE = 60_000;

interface SidebarProps {
  readonly guest: Person;
  readonly roomId: string | undefined;
  readonly onAsk: (asking: Asking) => void;
}

export function Sidebar({ guest, roomId, onAsk }: SidebarProps): VNode {
  const chat = useChat();
  const isMain = useMedia("(max-width: 47.99rem)") && roomId === undefined;
  return (
    <div class="sidebar">
      <header class="brand">
        <Logo />
        <h1>Live Chat</h1>
      </header>
      <div class="rooms-place" {...(isMain && { role: "main" })}>
        {isMain && <Notes room={undefined} />}
        <nav class="rooms" aria-label="Rooms">
          {chat.invitations.length > 0 && <Later>{(desk) => <desk.Invitations />}</Later>}
          <Entries roomId={roomId} />
          <WaysIn onAsk={onAsk} />
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
          {preview(room, draft, room?.error?.code ?? remembered.removed)}
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

const GONE: Readonly<Partial<Record<ChatError["code"], string>>> = {
  room_not_found: "This room is gone",
  deleted: "This room was deleted",
  kicked: "You were put out",
  banned: "You are banned",
};

/** One line on what is in the room, or on why one is not. */
function preview(
  room: Room | undefined,
  draft: string,
  code: ChatError["code"] | undefined,
): VNode | string {
  if (code) return GONE[code] ?? "Cannot be had";
  if (draft !== "") return <em class="room-draft">Draft: {draft.slice(0, 80)}</em>;
  const last = room?.messages.at(-1);
  if (last) return `${last.sender.name}: ${last.text.slice(0, 120) || "message deleted"}`;
  return room?.status === "joined" ? "Nothing said yet" : "…";
}

function activity(room: Room | undefined): number {
  const last = room?.messages.at(-1);
  return last ? Date.parse(last.sentAt) : 0;
}
