/** Who is banned from a room, and how they get out of that. */

import type { VNode } from "preact";

import type { Member, Room } from "../../sdk/index.ts";
import { Problem } from "../ui/confirm.tsx";
import { Avatar, Name } from "../ui/controls.tsx";
import { useAction } from "../ui/use-action.ts";
import { usePages } from "../ui/use-pages.ts";

export function Banned({ room }: { readonly room: Room }): VNode {
  const list = usePages<Member>((cursor) => room.listRoles({ banned: true, ...cursor }), [room]);
  const { run, isBusy, problem } = useAction();
  const unban = (member: Member) => () => {
    void run(async () => {
      await room.unban(member.userId);
      list.drop(member);
    });
  };
  return (
    <>
      {list.entries.length === 0 && (
        <p class="hint">{list.isLoading ? "One moment…" : (list.problem ?? "Nobody is banned.")}</p>
      )}
      <ul class="members-list">
        {list.entries.map((member) => (
          <li key={member.userId}>
            <Avatar member={member} />
            <Name>{member.name}</Name>
            <button
              type="button"
              class="link-button"
              aria-disabled={isBusy}
              aria-label={`Lift the ban of ${member.name}`}
              onClick={unban(member)}
            >
              Lift the ban
            </button>
          </li>
        ))}
      </ul>
      <Problem text={problem} />
      {list.more && (
        <button type="button" class="link-button" onClick={list.more}>
          Show more
        </button>
      )}
    </>
  );
}
