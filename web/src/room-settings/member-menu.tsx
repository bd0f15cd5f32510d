/** The menu of actions that the user's role allows on another member. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Member, Room } from "../../sdk/index.ts";
import { Confirm, Problem } from "../ui/confirm.tsx";
import { Avatar, Name } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useAction } from "../ui/use-action.ts";
import { untilWhen } from "../lib/dates.ts";
import { actionsOn, isMuted, type MemberAction } from "./permissions.ts";

interface MemberMenuProps {
  readonly room: Room;
  readonly member: Member;
  readonly onClose: () => void;
}

interface Choice {
  readonly label: string;
  readonly run: (room: Room, userId: string) => Promise<void>;
}

const MUTES: readonly (readonly [string, number])[] = [
  ["Mute for 5 minutes", 300],
  ["Mute for 1 hour", 3_600],
  ["Mute for 1 day", 86_400],
];

const CHOICES: Readonly<Record<Exclude<MemberAction, "kick" | "ban">, readonly Choice[]>> = {
  makeOwner: [{ label: "Make owner", run: (room, userId) => room.setRole(userId, "owner") }],
  makeModerator: [
    { label: "Make moderator", run: (room, userId) => room.setRole(userId, "moderator") },
  ],
  makeMember: [{ label: "Remove role", run: (room, userId) => room.setRole(userId, "member") }],
  mute: MUTES.map(([label, seconds]) => {
    return { label, run: (room, userId) => room.mute(userId, seconds) };
  }),
  unmute: [{ label: "Unmute", run: (room, userId) => room.mute(userId, 0) }],
};

export function MemberMenu({ room, member, onClose }: MemberMenuProps): VNode {
  const [removal, setRemoval] = useState<"kick" | "ban">();
  const { run, isBusy, problem } = useAction();
  const now = Date.now();
  const actions = actionsOn(room.role, member, now);
  const { name, userId, mutedUntil } = member;
  if (removal)
    return <RemoveDialog room={room} member={member} removal={removal} onClose={onClose} />;
  const choices = actions.flatMap((action) =>
    action === "kick" || action === "ban" ? [] : CHOICES[action],
  );
  return (
    <Dialog title={name} onClose={onClose}>
      <p class="member-summary">
        <Avatar member={member} />
        <span>
          {member.role ?? "member"}
          {mutedUntil !== undefined && isMuted(member, now) && `, muted ${untilWhen(mutedUntil)}`}
        </span>
      </p>
      <Problem text={problem} />
      <div class="choices">
        {choices.map(({ label, run: act }) => (
          <button
            key={label}
            type="button"
            class="button"
            aria-disabled={isBusy}
            onClick={() => {
              void run(() => act(room, userId)).then((isDone) => {
                if (isDone) onClose();
              });
            }}
          >
            {label}
          </button>
        ))}
        {actions.includes("kick") && (
          <button
            type="button"
            class="button risky"
            onClick={() => {
              setRemoval("kick");
            }}
          >
            Remove from the room…
          </button>
        )}
        {actions.includes("ban") && (
          <button
            type="button"
            class="button risky"
            onClick={() => {
              setRemoval("ban");
            }}
          >
            Ban…
          </button>
        )}
      </div>
    </Dialog>
  );
}

interface RemoveDialogProps extends MemberMenuProps {
  readonly removal: "kick" | "ban";
}

function RemoveDialog({ room, member, removal, onClose }: RemoveDialogProps): VNode {
  const { userId, name } = member;
  const isBan = removal === "ban";
  const isPrivate = room.visibility === "private";
  return (
    <Confirm
      title={isBan ? "Ban from the room?" : "Remove from the room?"}
      yes={isBan ? "Ban" : "Remove"}
      onYes={() => room[removal](userId)}
      onClose={onClose}
    >
      <p>
        <Name>{name}</Name> will be removed from this room on all devices.{" "}
        {isBan
          ? "They can't rejoin until they are unbanned in the room's settings."
          : isPrivate
            ? "To rejoin, they need a new invite."
            : "They can rejoin at any time; ban them to prevent that."}
      </p>
    </Confirm>
  );
}
