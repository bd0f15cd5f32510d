/** The lists of rooms: the user's own rooms, from all devices, and the public rooms. */

import type { VNode } from "preact";

import type { ListedRoom } from "../../sdk/index.ts";
import { Name } from "../ui/controls.tsx";
import { usePages } from "../ui/use-pages.ts";
import { useChat } from "../context.ts";
import { colourOf, initials } from "../lib/avatar.ts";
import { hashOf } from "../lib/route.ts";

interface DirectoryProps {
  /** Called when the user chooses a room. */
  readonly onChosen?: () => void;
}

export function Directory({ onChosen }: DirectoryProps): VNode {
  return (
    <div class="directory">
      <List
        which="mine"
        title="Your rooms"
        empty="You haven't joined any rooms yet."
        onChosen={onChosen}
      />
      <List
        which="public"
        title="Public rooms"
        empty="There are no public rooms yet. Create the first one."
        onChosen={onChosen}
      />
    </div>
  );
}

interface ListProps {
  readonly which: "mine" | "public";
  readonly title: string;
  readonly empty: string;
  readonly onChosen: (() => void) | undefined;
}

function List({ which, title, empty, onChosen }: ListProps): VNode {
  const chat = useChat();
  const isOpen = chat.connection.state === "open";
  const list = usePages<ListedRoom>(
    isOpen ? (cursor) => chat.listRooms({ which, limit: 20, ...cursor }) : undefined,
    // After a reconnect, the list is loaded again.
    [chat, which, isOpen],
  );
  return (
    <div role="group" aria-label={title}>
      <h3>{title}</h3>
      {list.problem !== undefined && <p class="hint error">{list.problem}</p>}
      {list.entries.length === 0 && list.problem === undefined && (
        <p class="hint">{list.isLoading ? "Loading…" : empty}</p>
      )}
      <ul>
        {list.entries.map((entry) => (
          <li key={entry.room.roomId}>
            <Entry entry={entry} onChosen={onChosen} />
          </li>
        ))}
      </ul>
      {list.more && (
        <button type="button" class="link-button" onClick={list.more}>
          Show more
        </button>
      )}
    </div>
  );
}

interface EntryProps {
  readonly entry: ListedRoom;
  readonly onChosen: (() => void) | undefined;
}

function Entry({ entry: { room, role }, onChosen }: EntryProps): VNode {
  const { roomId, name, visibility } = room;
  return (
    <a class="room-link" href={hashOf({ view: "room", roomId })} onClick={onChosen}>
      <span class="avatar square" data-colour={colourOf(roomId)} aria-hidden="true">
        {initials(name)}
      </span>
      <span class="room-line">
        <Name>{name}</Name>
        {role !== undefined && role !== "member" && <span class="tag">{role}</span>}
        {visibility === "private" && <span class="tag">private</span>}
      </span>
    </a>
  );
}
