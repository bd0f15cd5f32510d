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
  const [removal, setRemoval] = useState<Removal>();
  const { run, isBusy, problem } = useAction();
  const actions = actionsOn(room.role, member, Date.now());
  if (removal)
    return <RemoveDialog room={room} member={member} removal={removal} onClose={onClose} />;
  const choices = actions.flatMap((action) =>
    action === "kick" || action === "ban" ? [] : CHOICES[action],
  );
  return (
    <Dialog title={member.name} onClose={onClose}>
      <MemberSummary member={member} />
      <Problem text={problem} />
      <div class="choices">
        {choices.map(({ label, run: act }) => (
          <button
            key={label}
            type="button"
            class="button"
            aria-disabled={isBusy}
            onClick={() => {
              void run(() => act(room, member.userId)).then((isDone) => {
                if (isDone) onClose();
              });
            }}
          >
            {label}
          </button>
        ))}
        <RemovalButtons actions={actions} onChoose={setRemoval} />
      </div>
    </Dialog>
  );
}

function MemberSummary({ member }: { readonly member: Member }): VNode {
  const { role, mutedUntil } = member;
  return (
    <p class="member-summary">
      <Avatar member={member} />
      <span>
        {role ?? "member"}
        {mutedUntil !== undefined &&
          isMuted(member, Date.now()) &&
          `, muted ${untilWhen(mutedUntil)}`}
      </span>
    </p>
  );
}

type Removal = "kick" | "ban";

const REMOVALS: readonly (readonly [Removal, string])[] = [
  ["kick", "Remove from the room…"],
  ["ban", "Ban…"],
];

interface RemovalButtonsProps {
  readonly actions: readonly MemberAction[];
  readonly onChoose: (removal: Removal) => void;
}

function RemovalButtons({ actions, onChoose }: RemovalButtonsProps): VNode {
  return (
    <>
      {REMOVALS.map(
        ([removal, label]) =>
          actions.includes(removal) && (
            <button
              key={removal}
              type="button"
              class="button risky"
              onClick={() => {
                onChoose(removal);
              }}
            >
              {label}
            </button>
          ),
      )}
    </>
  );
}

interface RemoveDialogProps extends MemberMenuProps {
  readonly removal: Removal;
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
