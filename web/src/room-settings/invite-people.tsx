/** The people of one's other rooms, each of whom can be made a member of this one. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Member, Room } from "../../sdk/index.ts";
import { Avatar, Name } from "../ui/controls.tsx";
import { useAction } from "../ui/use-action.ts";
import { useChat } from "../context.ts";
import { Problem } from "../ui/confirm.tsx";

/** More would be a directory. */
const SHOWN = 20;

export function Known({ room }: { readonly room: Room }): VNode | null {
  const { rooms, me } = useChat();
  const [invited, setInvited] = useState<readonly string[]>([]);
  const { run, isBusy, problem } = useAction();
  const people = known([...rooms.values()], room, me);
  if (people.length === 0) return null;
  const invite = (member: Member) => () => {
    void run(async () => {
      await room.invite(member.userId, member.name);
      setInvited([...invited, member.userId]);
    });
  };
  return (
    <>
      <h3>People you know</h3>
      <Problem text={problem} />
      <ul class="members-list">
        {people.slice(0, SHOWN).map((member) => (
          <li key={member.userId}>
            <Avatar member={member} />
            <Name>{member.name}</Name>
            {invited.includes(member.userId) ? (
              <span class="tag quiet" role="status">
                invited
              </span>
            ) : (
              <button
                type="button"
                class="link-button"
                aria-disabled={isBusy}
                aria-label={`Invite ${member.name}`}
                onClick={invite(member)}
              >
                Invite
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Each once, by name; neither oneself nor who is here already. */
function known(rooms: readonly Room[], here: Room, me: Member | undefined): readonly Member[] {
  const people = new Map<string, Member>();
  for (const room of rooms) for (const member of room.members) people.set(member.userId, member);
  for (const { userId } of [...here.members, ...(me ? [me] : [])]) people.delete(userId);
  return [...people.values()].toSorted((one, other) => one.name.localeCompare(other.name));
}
