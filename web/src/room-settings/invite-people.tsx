/** The people of the user's other rooms, each with a button to invite them. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Member, Room } from "../../sdk/index.ts";
import { Avatar, Name } from "../ui/controls.tsx";
import { useAction } from "../ui/use-action.ts";
import { useChat } from "../context.ts";
import { Problem } from "../ui/confirm.tsx";

/** The maximum number of people in the list. */
const MAX_PEOPLE = 20;

export function InvitePeople({ room }: { readonly room: Room }): VNode | null {
  const { rooms, me } = useChat();
  const [invited, setInvited] = useState<readonly string[]>([]);
  const { run, isBusy, problem } = useAction();
  const people = peopleFrom([...rooms.values()], room, me);
  if (people.length === 0) return null;
  const invite = (member: Member) => () => {
    void run(async () => {
      await room.invite(member.userId, member.name);
      setInvited((before) => [...before, member.userId]);
    });
  };
  return (
    <>
      <h3>People you know</h3>
      <Problem text={problem} />
      <ul class="members-list">
        {people.slice(0, MAX_PEOPLE).map((member) => (
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

/** Return each person once, sorted by name, without the user and the people in this room. */
function peopleFrom(rooms: readonly Room[], here: Room, me: Member | undefined): readonly Member[] {
  const people = new Map<string, Member>();
  for (const room of rooms) for (const member of room.members) people.set(member.userId, member);
  for (const { userId } of [...here.members, ...(me ? [me] : [])]) people.delete(userId);
  return [...people.values()].toSorted((first, second) => first.name.localeCompare(second.name));
}
