/** Who is in the room: a column where there is space for it, a drawer elsewhere. */

import type { VNode } from "preact";

import type { Member, Room } from "../../sdk/index.ts";
import { useChat } from "../services.ts";
import { Avatar, Name } from "./controls.tsx";
import { Dialog } from "./dialog.tsx";

export function Members({ room }: { readonly room: Room | undefined }): VNode {
  return (
    <aside class="members" aria-label="People in this room">
      <h2>
        People <span class="count">{room?.memberCount.toLocaleString()}</span>
      </h2>
      {room && <MemberList room={room} />}
    </aside>
  );
}

interface DrawerProps {
  readonly room: Room;
  readonly onClose: () => void;
}

export function MembersDrawer({ room, onClose }: DrawerProps): VNode {
  return (
    <Dialog title={`People (${room.memberCount.toLocaleString()})`} kind="drawer" onClose={onClose}>
      <MemberList room={room} />
    </Dialog>
  );
}

function MemberList({ room }: { readonly room: Room }): VNode {
  const { me } = useChat();
  const hidden = room.memberCount - room.members.length;
  if (room.members.length === 0) {
    return (
      <p class="hint">{room.status === "joining" ? "Looking who is here…" : "Nobody is here."}</p>
    );
  }
  return (
    <>
      <ul class="members-list">
        {sorted(room.members, me).map((member) => (
          <li key={member.userId}>
            <Avatar member={member} />
            <Name>{member.name}</Name>
            {member.userId === me?.userId && <span class="you">you</span>}
          </li>
        ))}
      </ul>
      {hidden > 0 && <p class="hint">and {hidden.toLocaleString()} more</p>}
    </>
  );
}

/** Oneself first, then by name. */
function sorted(members: readonly Member[], me: Member | undefined): readonly Member[] {
  const isMe = (member: Member): number => Number(member.userId === me?.userId);
  return members.toSorted(
    (one, other) => isMe(other) - isMe(one) || one.name.localeCompare(other.name),
  );
}
