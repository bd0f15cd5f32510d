/** Who has a role in a room, here or away: in a private one, everybody who may come in. */

import type { VNode } from "preact";

import type { Member, Room } from "../../sdk/index.ts";
import { usePages } from "../ui/use-pages.ts";
import { Person } from "./member-list.tsx";

interface RolesProps {
  readonly room: Room;
  readonly onChoose: (member: Member) => void;
}

export function Roles({ room, onChoose }: RolesProps): VNode {
  const list = usePages<Member>((cursor) => room.listRoles(cursor), [room]);
  const now = Date.now();
  return (
    <>
      <h3>{room.visibility === "private" ? "Members" : "Owners and moderators"}</h3>
      {list.entries.length === 0 && (
        <p class="hint">{list.isLoading ? "One moment…" : (list.problem ?? "Nobody.")}</p>
      )}
      <ul class="members-list">
        {list.entries.map((member) => (
          <Person key={member.userId} room={room} member={member} now={now} onChoose={onChoose} />
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
