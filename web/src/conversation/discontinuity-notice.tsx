/** Says that there is a gap that could not be closed, until one has seen it. */

import type { VNode } from "preact";

import type { Room } from "../../sdk/index.ts";

export function MayMiss({ room }: { readonly room: Room }): VNode {
  return (
    <div class="note" role="status">
      <span class="note-dot" aria-hidden="true" />
      <span>Some messages from while you were away may be missing.</span>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          room.dismissDiscontinuity();
        }}
      >
        All right
      </button>
    </div>
  );
}
