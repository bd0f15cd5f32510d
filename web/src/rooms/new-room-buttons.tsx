/** The two ways into a room: open a new one, or find one that is there. */

import type { VNode } from "preact";

import { Icon } from "../ui/icons.tsx";
import type { Asking } from "../layout.tsx";

interface WaysInProps {
  readonly onAsk: (asking: Asking) => void;
  /** Where they are what one came for. */
  readonly isMain?: boolean;
}

export function WaysIn({ onAsk, isMain = false }: WaysInProps): VNode {
  const ask = (asking: Asking) => () => {
    onAsk(asking);
  };
  return (
    <div class={isMain ? "actions" : "rooms-actions"}>
      <button type="button" class={isMain ? "button primary" : "button"} onClick={ask("create")}>
        <Icon name="plus" /> New room
      </button>
      <button type="button" class="button" onClick={ask("join")}>
        <Icon name="enter" /> {isMain ? "Join a room" : "Join"}
      </button>
    </div>
  );
}
