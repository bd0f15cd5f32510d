/** A notice over the list while there is no connection. It does not move the list. */

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { ConnectionStatus } from "../../sdk/index.ts";
import { useAuth, useChat } from "../context.ts";
import { connectionMessage } from "../lib/connection-messages.ts";
import { useNow } from "./use-store.ts";

/** Milliseconds without a connection until the notice appears. */
const NOTICE_DELAY = 1_200;

/** The announcements for screen readers. */
const STATES: Readonly<Partial<Record<ConnectionStatus["state"], string>>> = {
  offline: "You are offline",
  connecting: "Not connected",
  waiting: "Not connected",
  invalid: "Not connected",
  signedOut: "Access denied",
};

/** States in which another attempt may help. */
const CAN_RETRY: ReadonlySet<ConnectionStatus["state"]> = new Set([
  "waiting",
  "offline",
  "signedOut",
]);

/** The connection's notice, and other notices below it. */
export function Notices({ children }: { readonly children?: ComponentChildren }): VNode {
  return (
    <div class="notices">
      <ConnectionNotice />
      {children}
    </div>
  );
}

function ConnectionNotice(): VNode {
  const chat = useChat();
  const { signInAgain } = useAuth();
  const { connection } = chat;
  const isOpen = connection.state === "open" || connection.state === "stopped";
  const isLong = useDelay(!isOpen, NOTICE_DELAY);
  const now = useNow("retryAt" in connection ? 1_000 : undefined);
  const isShown = !isOpen && isLong;
  const mayRetry =
    CAN_RETRY.has(connection.state) &&
    !("reason" in connection && connection.reason === "cooldown");
  return (
    <>
      {/* A screen reader would read the countdown out every second, so it gets a fixed text. */}
      <p class="visually-hidden" role="status">
        {isShown && STATES[connection.state]}
      </p>
      {isShown && (
        <div class="notice" data-state={connection.state}>
          <span class="notice-dot" aria-hidden="true" />
          <span>{connectionMessage(connection, now)}</span>
          {mayRetry && (
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

/** Return whether a condition has been true for *milliseconds*. */
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
