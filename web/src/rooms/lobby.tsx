/** The view instead of a conversation while no room is chosen. */

import type { VNode } from "preact";

import { Notices } from "../ui/connection-notice.tsx";
import { EmptyState } from "../ui/controls.tsx";
import { Lazy } from "../ui/lazy-part.tsx";
import { NewRoomButtons } from "./new-room-buttons.tsx";
import type { NewRoomDialog } from "./room-dialogs.ts";

export function Lobby({ onOpen }: { readonly onOpen: (dialog: NewRoomDialog) => void }): VNode {
  return (
    <main id="main" class="lobby" tabIndex={-1}>
      <Notices />
      <EmptyState icon="people" title="Pick a room">
        <p>Choose one of your rooms, create a new one, or join with a link.</p>
        <NewRoomButtons onOpen={onOpen} isMain />
      </EmptyState>
      <Lazy>{(parts) => <parts.Directory />}</Lazy>
    </main>
  );
}
