/** Makes a link that lets people into a private room. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { Problem } from "../ui/confirm.tsx";
import { CopyButton } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Known } from "./invite-people.tsx";
import { useAction } from "../ui/use-action.ts";
import { linkTo } from "../lib/route.ts";
import { countOf } from "../lib/text.ts";
import { untilWhen } from "../lib/until.ts";
import { Select } from "../ui/select.tsx";

const LIFETIMES = [
  ["3600", "1 hour"],
  ["86400", "1 day"],
  ["604800", "7 days"],
  ["2592000", "30 days"],
] as const;
const USES = ["1", "5", "25", "100", "1000"].map(
  (uses) => [uses, countOf(Number(uses), "person", "people")] as const,
);

interface Made {
  readonly link: string;
  readonly note: string;
}

export function Invite({ room, onClose }: { room: Room; onClose: () => void }): VNode {
  const [lifetime, setLifetime] = useState("604800");
  const [uses, setUses] = useState("1");
  const [made, setMade] = useState<Made>();
  const { run, isBusy, problem } = useAction();
  const make = async (): Promise<void> => {
    const options = { expiresInSeconds: Number(lifetime), uses: Number(uses) };
    const { invite, expiresAt, uses: left } = await room.createInvite(options);
    const until = untilWhen(expiresAt);
    const note = `Good ${until}, for ${countOf(left, "new member", "new members")}.`;
    setMade({ link: linkTo(room.id, location.href, invite), note });
  };
  return (
    <Dialog title="Invite people" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void run(make);
        }}
      >
        <p>Whoever has the link can come in. Send it only to those you want here.</p>
        <Select label="Good for" choices={LIFETIMES} value={lifetime} onValue={setLifetime} />
        <Select label="Lets in" choices={USES} value={uses} onValue={setUses} />
        <Problem text={problem} />
        <button type="submit" class="button primary wide" aria-disabled={isBusy}>
          {made ? "Make another link" : "Make a link"}
        </button>
      </form>
      {made && (
        <div class="made" role="status">
          <p class="made-link">
            <input
              readonly
              aria-label="Link with the invite"
              value={made.link}
              dir="ltr"
              onFocus={(event) => {
                event.currentTarget.select();
              }}
            />
            <CopyButton text={made.link} label="Copy the link" />
          </p>
          <p class="hint">{made.note}</p>
        </div>
      )}
      <Known room={room} />
    </Dialog>
  );
}
