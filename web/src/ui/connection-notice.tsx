/** A calm word on a connection that is not there; it lies over the list and moves nothing. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { ConnectionStatus, Room } from "../../sdk/index.ts";
import { useNow } from "./use-store.ts";
import { Later } from "./lazy-part.tsx";
import { useChat, useSelf } from "../context.ts";
import { situation } from "../lib/connection-messages.ts";

/** Milliseconds that a connection may take before anybody is told. */
const CALM = 1_200;
const STATES: Readonly<Partial<Record<ConnectionStatus["state"], string>>> = {
  offline: "You are offline",
  connecting: "Not connected",
  waiting: "Not connected",
  invalid: "Not connected",
  signedOut: "You are not let in",
};

/** States in which another try may help. */
const TRIES: ReadonlySet<ConnectionStatus["state"]> = new Set(["waiting", "offline", "signedOut"]);

/** What one has to know of a room: no connection, or a gap that could not be closed. */
export function Notes({ room }: { readonly room: Room | undefined }): VNode {
  return (
    <div class="note-place">
      <ConnectionNote />
      {room?.hasDiscontinuity && <Later>{(desk) => <desk.MayMiss room={room} />}</Later>}
    </div>
  );
}

function ConnectionNote(): VNode {
  const chat = useChat();
  const { signInAgain } = useSelf();
  const { connection } = chat;
  const isOpen = connection.state === "open" || connection.state === "stopped";
  const isLong = useDelay(!isOpen, CALM);
  const now = useNow("retryAt" in connection ? 1_000 : undefined);
  const isTelling = !isOpen && isLong;
  const mayTry =
    TRIES.has(connection.state) && !("reason" in connection && connection.reason === "cooldown");
  return (
    <>
      {/* The countdown is for the eye: read out every second it would be a nuisance. */}
      <p class="unseen" role="status">
        {isTelling && STATES[connection.state]}
      </p>
      {isTelling && (
        <div class="note" data-state={connection.state}>
          <span class="note-dot" aria-hidden="true" />
          <span>{situation(connection, now)}</span>
          {mayTry && (
            <button
              type="button"
              class="link-button"
              onClick={() => {
                chat.reconnectNow();
              }}
            >
              Retry now
            </button>
          )}
          {connection.state === "signedOut" && (
            <button type="button" class="link-button" onClick={signInAgain}>
              Sign in again
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** Whether something has been so for a while. */
function useDelay(holds: boolean, milliseconds: number): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!holds) return undefined;
    const timer = setTimeout(() => {
      setLong(true);
    }, milliseconds);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [holds, milliseconds]);
  return holds && isLong;
}
