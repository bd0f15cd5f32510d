/** The status of the connection that pages see. */

import type { ConnectionStatus } from "../api.ts";
import type { ClientState } from "./state.ts";

export function connectionStatus(
  { isRunning, current, reconnect, disconnectReason, isSignedOut }: ClientState,
  { isGuest, isOnline }: { readonly isGuest: boolean; readonly isOnline: boolean },
): ConnectionStatus {
  const retryAt = reconnect.at;
  if (!isRunning) return { state: "stopped" };
  if (current?.isWelcomed) return { state: "open" };
  if (reconnect.isRejected && !isGuest) {
    // Also during an attempt: most attempts fail, and the page should not flicker.
    return { state: "signedOut", reason: "rejected", retryAt };
  }
  if (current) return { state: "connecting" };
  if (isSignedOut) return { state: "signedOut", reason: "noToken" };
  if (!isOnline) return { state: "offline", retryAt };
  return { state: "waiting", retryAt, reason: disconnectReason };
}
