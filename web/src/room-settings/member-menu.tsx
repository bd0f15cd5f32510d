/** The menu of actions that the user's role allows on another member. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Member, Room } from "../../sdk/index.ts";
import { Confirm, Problem } from "../ui/confirm.tsx";
import { Avatar, Name } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useAction } from "../ui/use-action.ts";
import { untilWhen } from "../lib/dates.ts";
import { activeRole } from "../lib/roles.ts";
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

const CHOICES: Readonly<Record<Exclude<MemberAction, Risky>, readonly Choice[]>> = {
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
  const [risky, setRisky] = useState<Risky>();
  const { run, isBusy, problem } = useAction();
  const actions = actionsOn(activeRole(room), member, Date.now());
  if (risky === "makeOwner")
    return <MakeOwnerDialog room={room} member={member} onClose={onClose} />;
  if (risky) return <RemoveDialog room={room} member={member} removal={risky} onClose={onClose} />;
  const choices = actions.flatMap((action) => (isRisky(action) ? [] : CHOICES[action]));
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
        <RiskyButtons actions={actions} onChoose={setRisky} />
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
/** An action that asks first. */
type Risky = Removal | "makeOwner";

const RISKY: readonly (readonly [Risky, string])[] = [
  ["makeOwner", "Make owner…"],
  ["kick", "Remove from the room…"],
  ["ban", "Ban…"],
];

function isRisky(action: MemberAction): action is Risky {
  return RISKY.some(([risky]) => risky === action);
}

interface RiskyButtonsProps {
  readonly actions: readonly MemberAction[];
  readonly onChoose: (action: Risky) => void;
}

function RiskyButtons({ actions, onChoose }: RiskyButtonsProps): VNode {
  return (
    <>
      {RISKY.map(
        ([action, label]) =>
          actions.includes(action) && (
            <button
              key={action}
              type="button"
              class="button risky"
              onClick={() => {
                onChoose(action);
              }}
            >
              {label}
            </button>
          ),
      )}
    </>
  );
}

function MakeOwnerDialog({ room, member: { userId, name }, onClose }: MemberMenuProps): VNode {
  return (
    <Confirm
      title="Make owner?"
      yes="Make owner"
      onYes={() => room.setRole(userId, "owner")}
      onClose={onClose}
    >
      <p>
        You can't take this back: only <Name>{name}</Name> can give up the role. An owner can delete
        the room, and can't be removed or muted.
      </p>
    </Confirm>
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
