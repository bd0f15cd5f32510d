/** The first column: the user's rooms and the user's profile. */

import type { VNode } from "preact";

import type { ChatError, Room } from "../../sdk/index.ts";
import { useChat, type User } from "../context.ts";
import { colourOf, initials } from "../lib/avatar.ts";
import { shortTime } from "../lib/dates.ts";
import { hashOf } from "../lib/route.ts";
import { Notices } from "../ui/connection-notice.tsx";
import { Name } from "../ui/controls.tsx";
import { Logo } from "../ui/icons.tsx";
import { Lazy } from "../ui/lazy-part.tsx";
import { Profile } from "../ui/profile.tsx";
import { useMedia, useNow, useStored } from "../ui/use-store.ts";
import { NewRoomButtons } from "./new-room-buttons.tsx";
import type { NewRoomDialog } from "./room-dialogs.ts";
import { draftOf, lastRead, rememberedRooms, type RememberedRoom } from "./room-memory.ts";
import { badge, unreadIn, type Unread } from "./unread.ts";

const MINUTE = 60_000;

interface SidebarProps {
  readonly user: User;
  readonly roomId: string | undefined;
  readonly onOpen: (dialog: NewRoomDialog) => void;
}

export function Sidebar({ user, roomId, onOpen }: SidebarProps): VNode {
  const chat = useChat();
  const isMain = useMedia("(max-width: 47.99rem)") && roomId === undefined;
  return (
    <div class="sidebar">
      <header class="brand">
        <Logo />
        <h1>Live Chat</h1>
      </header>
      <div class="rooms-pane" {...(isMain && { role: "main" })}>
        {isMain && <Notices />}
        <nav class="rooms" aria-label="Rooms">
          {chat.invitations.length > 0 && <Lazy>{(parts) => <parts.Invitations />}</Lazy>}
          <Entries roomId={roomId} />
          <NewRoomButtons onOpen={onOpen} />
        </nav>
      </div>
      <Profile user={user} />
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
      <p class="rooms-empty">You haven't joined any rooms yet. Create one, or join with a link.</p>
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
        <span class="room-preview" dir="auto">
          {preview(room, draft, room?.error?.code ?? remembered.removed)}
        </span>
        {hasUnread && (
          <span class="badge">
            {badge(unread)}
            <span class="visually-hidden"> unread</span>
          </span>
        )}
      </span>
    </a>
  );
}

const GONE: Readonly<Partial<Record<ChatError["code"], string>>> = {
  room_not_found: "Room not found",
  deleted: "This room was deleted",
  kicked: "You were removed",
  banned: "You are banned",
};

/** Return the second line of a room: an error, the draft, or the last message. */
function preview(
  room: Room | undefined,
  draft: string,
  code: ChatError["code"] | undefined,
): VNode | string {
  if (code) return GONE[code] ?? "Unavailable";
  if (draft !== "") return <em class="room-draft">Draft: {draft.slice(0, 80)}</em>;
  const last = room?.messages.at(-1);
  if (last) return `${last.sender.name}: ${last.text.slice(0, 120) || "message deleted"}`;
  return room?.status === "joined" ? "No messages yet" : "…";
}

function activity(room: Room | undefined): number {
  const last = room?.messages.at(-1);
  return last ? Date.parse(last.sentAt) : 0;
}
