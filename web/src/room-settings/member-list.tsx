/** Who is in the room, what they are there, and what one may do about them. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Member, Room } from "../../sdk/index.ts";
import { Avatar, IconButton, Name } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useNow } from "../ui/use-store.ts";
import { useChat } from "../context.ts";
import { deedsOn, isMuted } from "../lib/permissions.ts";
import { untilWhen } from "../lib/until.ts";
import { PersonMenu } from "./member-menu.tsx";

/** Milliseconds in which it is seen that somebody may speak again. */
const FRESH = 10_000;

interface DrawerProps {
  readonly room: Room;
  readonly onClose: () => void;
}

/** Where there is no space for a column. */
export function MembersDrawer({ room, onClose }: DrawerProps): VNode {
  return (
    <Dialog title={`People (${room.memberCount.toLocaleString()})`} kind="drawer" onClose={onClose}>
      <MemberList room={room} />
    </Dialog>
  );
}

export function MemberList({ room }: { readonly room: Room }): VNode {
  const { me } = useChat();
  const now = useNow(FRESH);
  const [chosen, setChosen] = useState<Member>();
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
          <Person key={member.userId} room={room} member={member} now={now} onChoose={setChosen} />
        ))}
      </ul>
      {chosen && (
        <PersonMenu
          room={room}
          member={chosen}
          onClose={() => {
            setChosen(undefined);
          }}
        />
      )}
      {hidden > 0 && <p class="hint">and {hidden.toLocaleString()} more</p>}
    </>
  );
}

interface PersonProps {
  readonly room: Room;
  readonly member: Member;
  readonly now: number;
  readonly onChoose: (member: Member) => void;
}

export function Person({ room, member, now, onChoose }: PersonProps): VNode {
  const { me } = useChat();
  const { name, role, mutedUntil } = member;
  const isMe = member.userId === me?.userId;
  return (
    <li>
      <Avatar member={member} />
      <Name>{name}</Name>
      {isMe && <span class="tag">you</span>}
      {role && <span class="tag">{role}</span>}
      {mutedUntil !== undefined && isMuted(member, now) && (
        <span class="tag quiet" title={`Muted ${untilWhen(mutedUntil, now)}`}>
          muted
        </span>
      )}
      {!isMe && deedsOn(room.role, member, now).length > 0 && (
        <IconButton
          icon="more"
          label={`What to do about ${name}`}
          onClick={() => {
            onChoose(member);
          }}
        />
      )}
    </li>
  );
}

/** Oneself first, then by name. */
function sorted(members: readonly Member[], me: Member | undefined): readonly Member[] {
  const isMe = (member: Member): number => Number(member.userId === me?.userId);
  return members.toSorted(
    (one, other) => isMe(other) - isMe(one) || one.name.localeCompare(other.name),
  );
}
