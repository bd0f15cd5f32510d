/** The users with a role in a room. In a private room, these are all members. */

import type { VNode } from "preact";

import type { Member, Room } from "../../sdk/index.ts";
import { usePages } from "../ui/use-pages.ts";
import { MemberRow } from "./member-list.tsx";

interface RoleListProps {
  readonly room: Room;
  readonly onChoose: (member: Member) => void;
}

export function RoleList({ room, onChoose }: RoleListProps): VNode {
  const list = usePages<Member>((cursor) => room.listRoles(cursor), [room]);
  const now = Date.now();
  return (
    <>
      <h3>{room.visibility === "private" ? "Members" : "Owners and moderators"}</h3>
      {list.entries.length === 0 && (
        <p class="hint">{list.isLoading ? "Loading…" : (list.problem ?? "Nobody.")}</p>
      )}
      <ul class="members-list">
        {list.entries.map((member) => (
          <MemberRow
            key={member.userId}
            room={room}
            member={member}
            now={now}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {list.more && (
        <button type="button" class="link-button" onClick={list.more}>
          Show more
        </button>
      )}
    </>
  );
}
