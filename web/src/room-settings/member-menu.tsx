/** What one's role lets one do to another person in the room. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Member, Room } from "../../sdk/index.ts";
import { Confirm, Problem } from "../ui/confirm.tsx";
import { Avatar, Name } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useAction } from "../ui/use-action.ts";
import { deedsOn, isMuted, type Deed } from "../lib/permissions.ts";
import { untilWhen } from "../lib/until.ts";

interface PersonMenuProps {
  readonly room: Room;
  readonly member: Member;
  readonly onClose: () => void;
}

interface Choice {
  readonly label: string;
  readonly act: (room: Room, userId: string) => Promise<void>;
}

const MUTES: readonly (readonly [string, number])[] = [
  ["Mute for 5 minutes", 300],
  ["Mute for 1 hour", 3_600],
  ["Mute for 1 day", 86_400],
];

const CHOICES: Readonly<Record<Exclude<Deed, "kick" | "ban">, readonly Choice[]>> = {
  makeOwner: [{ label: "Make owner", act: (room, userId) => room.setRole(userId, "owner") }],
  makeModerator: [
    { label: "Make moderator", act: (room, userId) => room.setRole(userId, "moderator") },
  ],
  makeMember: [
    { label: "Take the role away", act: (room, userId) => room.setRole(userId, "member") },
  ],
  mute: MUTES.map(([label, seconds]) => {
    return { label, act: (room, userId) => room.mute(userId, seconds) };
  }),
  unmute: [{ label: "Let them speak again", act: (room, userId) => room.mute(userId, 0) }],
};

export function PersonMenu({ room, member, onClose }: PersonMenuProps): VNode {
  const [asking, setAsking] = useState<"kick" | "ban">();
  const { run, isBusy, problem } = useAction();
  const now = Date.now();
  const deeds = deedsOn(room.role, member, now);
  const { name, userId, mutedUntil } = member;
  if (asking) return <PutOut room={room} member={member} how={asking} onClose={onClose} />;
  const choices = deeds.flatMap((deed) => (deed === "kick" || deed === "ban" ? [] : CHOICES[deed]));
  return (
    <Dialog title={name} onClose={onClose}>
      <p class="person">
        <Avatar member={member} />
        <span>
          {member.role ?? "no role"}
          {mutedUntil !== undefined && isMuted(member, now) && `, muted ${untilWhen(mutedUntil)}`}
        </span>
      </p>
      <Problem text={problem} />
      <div class="choices">
        {choices.map(({ label, act }) => (
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
        {deeds.includes("kick") && (
          <button
            type="button"
            class="button risky"
            onClick={() => {
              setAsking("kick");
            }}
          >
            Remove from the room…
          </button>
        )}
        {deeds.includes("ban") && (
          <button
            type="button"
            class="button risky"
            onClick={() => {
              setAsking("ban");
            }}
          >
            Ban…
          </button>
        )}
      </div>
    </Dialog>
  );
}

interface PutOutProps extends PersonMenuProps {
  readonly how: "kick" | "ban";
}

function PutOut({ room, member, how, onClose }: PutOutProps): VNode {
  const { userId, name } = member;
  const isBan = how === "ban";
  const isPrivate = room.visibility === "private";
  return (
    <Confirm
      title={isBan ? "Ban from the room?" : "Remove from the room?"}
      yes={isBan ? "Ban" : "Remove"}
      onYes={() => room[how](userId)}
      onClose={onClose}
    >
      <p>
        <Name>{name}</Name> is out at once, with all their devices.{" "}
        {isBan
          ? "They cannot come back until somebody lifts the ban, in the room's settings."
          : isPrivate
            ? "To come back they need a new invite."
            : "They can come back when they like: to keep them out, ban them."}
      </p>
    </Confirm>
  );
}
