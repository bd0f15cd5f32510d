/** The people in a room, with their roles and a menu of the allowed actions. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Member, Room } from "../../sdk/index.ts";
import { Avatar, IconButton, Name } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useNow } from "../ui/use-store.ts";
import { useChat } from "../context.ts";
import { untilWhen } from "../lib/dates.ts";
import { activeRole } from "../lib/roles.ts";
import { actionsOn, isMuted } from "./permissions.ts";
import { MemberMenu } from "./member-menu.tsx";

/** Milliseconds between checks whether a mute has ended. */
const MUTE_CHECK_INTERVAL = 10_000;

interface DrawerProps {
  readonly room: Room;
  readonly onClose: () => void;
}

/** The list in a drawer, for windows without space for a column. */
export function MembersDrawer({ room, onClose }: DrawerProps): VNode {
  return (
    <Dialog title={`People (${room.memberCount.toLocaleString()})`} kind="drawer" onClose={onClose}>
      <MemberList room={room} />
    </Dialog>
  );
}

export function MemberList({ room }: { readonly room: Room }): VNode {
  const { me } = useChat();
  const now = useNow(MUTE_CHECK_INTERVAL);
  const [chosen, setChosen] = useState<Member>();
  const hidden = room.memberCount - room.members.length;
  if (room.members.length === 0) {
    return <p class="hint">{room.status === "joining" ? "Loading people…" : "Nobody is here."}</p>;
  }
  return (
    <>
      <ul class="members-list">
        {sorted(room.members, me).map((member) => (
          <MemberRow
            key={member.userId}
            room={room}
            member={member}
            now={now}
            onChoose={setChosen}
          />
        ))}
      </ul>
      {chosen && (
        <MemberMenu
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

interface MemberRowProps {
  readonly room: Room;
  readonly member: Member;
  readonly now: number;
  readonly onChoose: (member: Member) => void;
}

export function MemberRow({ room, member, now, onChoose }: MemberRowProps): VNode {
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
      {!isMe && actionsOn(activeRole(room), member, now).length > 0 && (
        <IconButton
          icon="more"
          label={`Actions for ${name}`}
          onClick={() => {
            onChoose(member);
          }}
        />
      )}
    </li>
  );
}

/** Return the members sorted by name, with the user first. */
function sorted(members: readonly Member[], me: Member | undefined): readonly Member[] {
  const isMe = (member: Member): number => Number(member.userId === me?.userId);
  return members.toSorted(
    (first, second) => isMe(second) - isMe(first) || first.name.localeCompare(second.name),
  );
}
