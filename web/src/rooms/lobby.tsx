/** The place of the conversation while none is chosen. */

import type { VNode } from "preact";

import { Later } from "../ui/lazy-part.tsx";
import { Notes } from "../ui/connection-notice.tsx";
import { Blank } from "../ui/controls.tsx";
import type { Asking } from "../layout.tsx";
import { WaysIn } from "./new-room-buttons.tsx";

export function Lobby({ onAsk }: { readonly onAsk: (asking: Asking) => void }): VNode {
  return (
    <main id="main" class="lobby" tabIndex={-1}>
      <Notes room={undefined} />
      <Blank icon="people" title="Where to?">
        <p>Choose a room, open one of your own, or join one that somebody told you about.</p>
        <WaysIn onAsk={onAsk} isMain />
      </Blank>
      <Later>{(desk) => <desk.Directory />}</Later>
    </main>
  );
}
