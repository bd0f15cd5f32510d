/** The dialog that joins a room by its address or link, or from the lists of rooms. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { hashOf } from "../lib/route.ts";
import { Field } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Directory } from "./directory.tsx";
import { roomIn } from "./room-address.ts";

export function JoinRoom({ onClose }: { readonly onClose: () => void }): VNode {
  const [typed, setTyped] = useState("");
  const [hasTried, setTried] = useState(false);
  const route = roomIn(typed);
  return (
    <Dialog title="Join a room" onClose={onClose}>
      <form
        class="form"
        novalidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!route) return;
          location.hash = hashOf(route);
          onClose();
        }}
      >
        <Field
          id="join-id"
          label="Address or link"
          value={typed}
          onValue={setTyped}
          hint="For example tea-time, or a link that you received."
          error={hasTried && !route ? "That's not a valid room address or link." : undefined}
          input={{ spellcheck: false, autocapitalize: "none", dir: "ltr" }}
        />
        <button type="submit" class="button primary wide">
          Join
        </button>
      </form>
      <Directory onChosen={onClose} />
    </Dialog>
  );
}
