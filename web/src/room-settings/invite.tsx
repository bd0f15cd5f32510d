/** The dialog that creates an invite link to a private room. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { Problem } from "../ui/confirm.tsx";
import { CopyButton } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { InvitePeople } from "./invite-people.tsx";
import { useAction } from "../ui/use-action.ts";
import { linkTo } from "../lib/route.ts";
import { untilWhen } from "../lib/dates.ts";
import { countOf } from "../lib/text.ts";
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

interface CreatedLink {
  readonly link: string;
  readonly note: string;
}

export function InviteDialog({ room, onClose }: { room: Room; onClose: () => void }): VNode {
  const [lifetime, setLifetime] = useState("604800");
  const [uses, setUses] = useState("1");
  const [created, setCreated] = useState<CreatedLink>();
  const { run, isBusy, problem } = useAction();
  const create = async (): Promise<void> => {
    const options = { expiresInSeconds: Number(lifetime), uses: Number(uses) };
    const { invite, expiresAt, uses: left } = await room.createInvite(options);
    const until = untilWhen(expiresAt);
    const note = `Works ${until} for ${countOf(left, "new member", "new members")}.`;
    setCreated({ link: linkTo(room.id, location.href, invite), note });
  };
  return (
    <Dialog title="Invite people" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void run(create);
        }}
      >
        <p>Anyone with the link can join. Send it only to people you want in this room.</p>
        <Select label="Expires after" choices={LIFETIMES} value={lifetime} onValue={setLifetime} />
        <Select label="Can be used by" choices={USES} value={uses} onValue={setUses} />
        <Problem text={problem} />
        <button type="submit" class="button primary wide" aria-disabled={isBusy}>
          {created ? "Create another link" : "Create link"}
        </button>
      </form>
      {created && (
        <div class="new-link" role="status">
          <p class="new-link-row">
            <input
              readonly
              aria-label="Invite link"
              value={created.link}
              dir="ltr"
              onFocus={(event) => {
                event.currentTarget.select();
              }}
            />
            <CopyButton text={created.link} label="Copy the link" />
          </p>
          <p class="hint">{created.note}</p>
        </div>
      )}
      <InvitePeople room={room} />
    </Dialog>
  );
}
