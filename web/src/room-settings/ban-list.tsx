/** The banned users of a room, with a button to unban each. */

import type { VNode } from "preact";

import type { Member, Room } from "../../sdk/index.ts";
import { Problem } from "../ui/confirm.tsx";
import { Avatar, Name } from "../ui/controls.tsx";
import { useAction } from "../ui/use-action.ts";
import { usePages } from "../ui/use-pages.ts";
import { activeRole, canModerate } from "../lib/roles.ts";

export function BanList({ room }: { readonly room: Room }): VNode {
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
        <p class="hint">{list.isLoading ? "Loading…" : (list.problem ?? "Nobody is banned.")}</p>
      )}
      <ul class="members-list">
        {list.entries.map((member) => (
          <li key={member.userId}>
            <Avatar member={member} />
            <Name>{member.name}</Name>
            {canModerate(activeRole(room)) && (
              <button
                type="button"
                class="link-button"
                aria-disabled={isBusy}
                aria-label={`Unban ${member.name}`}
                onClick={unban(member)}
              >
                Unban
              </button>
            )}
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
