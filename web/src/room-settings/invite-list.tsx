/** The open invites of a private room, with a button to revoke each. */

import type { VNode } from "preact";

import type { Member, OpenInvite, Room } from "../../sdk/index.ts";
import { Confirm, Problem } from "../ui/confirm.tsx";
import { Name } from "../ui/controls.tsx";
import { useChat } from "../context.ts";
import { usePages } from "../ui/use-pages.ts";
import { untilWhen } from "../lib/dates.ts";
import { activeRole, canModerate } from "../lib/roles.ts";
import { countOf } from "../lib/text.ts";

interface InviteListProps {
  readonly room: Room;
  readonly onRevoke: (invite: OpenInvite) => void;
}

export function InviteList({ room, onRevoke }: InviteListProps): VNode {
  const list = usePages<OpenInvite>((cursor) => room.listInvites(cursor), [room]);
  const roles = usePages<Member>((cursor) => room.listRoles(cursor), [room]);
  const hasAllRoles = !roles.isLoading && roles.problem === undefined && !roles.more;
  return (
    <>
      <h3>Open invites</h3>
      {list.entries.length === 0 && (
        <p class="hint">{list.isLoading ? "Loading…" : (list.problem ?? "There are none.")}</p>
      )}
      <ul class="members-list">
        {list.entries.map((invite) => {
          const creator = roles.entries.find(({ userId }) => userId === invite.createdBy);
          return (
            <InviteRow
              key={invite.inviteId}
              invite={invite}
              creator={creator}
              isValid={!hasAllRoles || canModerate(creator?.role)}
              mayRevoke={canModerate(activeRole(room))}
              onRevoke={onRevoke}
            />
          );
        })}
      </ul>
      <Problem text={list.entries.length > 0 ? list.problem : undefined} />
      {list.more && (
        <button type="button" class="link-button" onClick={list.more}>
          Show more invites
        </button>
      )}
    </>
  );
}

interface InviteRowProps {
  readonly invite: OpenInvite;
  readonly creator: Member | undefined;
  /** Whether its creator may still invite. */
  readonly isValid: boolean;
  readonly mayRevoke: boolean;
  readonly onRevoke: (invite: OpenInvite) => void;
}

function InviteRow({ invite, creator, isValid, mayRevoke, onRevoke }: InviteRowProps): VNode {
  const { me } = useChat();
  const isOwn = invite.createdBy === me?.userId;
  const name = creator?.name ?? invite.createdBy;
  const left = countOf(invite.uses, "use", "uses");
  const note = isValid
    ? `${left} left, ${untilWhen(invite.expiresAt)}`
    : "Not valid: its creator may not invite now.";
  return (
    <li>
      <span class="invite-entry">
        <Name>{name}</Name> {isOwn && <span class="tag">you</span>}
        <span class="hint">{note}</span>
      </span>
      {mayRevoke && (
        <button
          type="button"
          class="link-button"
          aria-label={`Revoke the invite of ${name}, ${left} left`}
          onClick={() => {
            onRevoke(invite);
          }}
        >
          Revoke
        </button>
      )}
    </li>
  );
}

interface RevokeDialogProps {
  readonly room: Room;
  readonly invite: OpenInvite;
  readonly onClose: () => void;
}

export function RevokeDialog({ room, invite, onClose }: RevokeDialogProps): VNode {
  return (
    <Confirm
      title="Revoke the invite?"
      yes="Revoke"
      onYes={() => room.revokeInvite(invite.inviteId)}
      onClose={onClose}
    >
      <p>Nobody can join with this link any more. People who joined with it stay in the room.</p>
    </Confirm>
  );
}
