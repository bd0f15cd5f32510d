/** The place of the conversation while none is chosen. */

import type { VNode } from "preact";

import { Notes } from "./connection.tsx";
import { Blank } from "./controls.tsx";
import { Icon } from "./icons.tsx";
import type { Asking } from "./shell.tsx";

export function Lobby({ onAsk }: { readonly onAsk: (asking: Asking) => void }): VNode {
  return (
    <main id="main" class="lobby" tabIndex={-1}>
      <Notes room={undefined} />
      <Blank icon="people" title="Where to?">
        <p>Choose a room, open one of your own, or join one that somebody told you about.</p>
        <p class="actions">
          <button
            type="button"
            class="button primary"
            onClick={() => {
              onAsk("create");
            }}
          >
            <Icon name="plus" /> New room
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              onAsk("join");
            }}
          >
            <Icon name="enter" /> Join a room
          </button>
        </p>
      </Blank>
    </main>
  );
}
