/** How the connection is, in plain words. */

import type { ConnectionStatus, DisconnectReason } from "../../sdk/index.ts";

/** How the connection is, in a word or two. */
export function stateOf(connection: ConnectionStatus): string {
  if ("reason" in connection && connection.reason === "rejected") return "Not let in";
  const states: Readonly<Record<ConnectionStatus["state"], string>> = {
    connecting: "Connecting…",
    open: "Connected",
    waiting: "Reconnecting…",
    offline: "Offline",
    stopped: "Disconnected",
    signedOut: "Signed out",
    invalid: "Not let in",
  };
  return states[connection.state];
}

const LOST: Readonly<Record<DisconnectReason, string>> = {
  lost: "Connection lost",
  unreachable: "No connection",
  rejected:
    "The chat does not let you in: it may be overloaded, you may be here in too many places at once, or not be allowed here any more",
  cooldown: "Disconnected, for too much was sent too fast",
};

/** What there is to say about a connection that is not open. */
export function situation(connection: ConnectionStatus, now: number): string {
  if ("reason" in connection && connection.reason !== "noToken") {
    return `${LOST[connection.reason]}. Trying again ${inTime(connection.retryAt - now)}.`;
  }
  switch (connection.state) {
    case "offline":
      return "You are offline. What you write is sent when you are back.";
    case "connecting":
      return "Connecting…";
    case "signedOut":
      return "Your sign-in has ended. Sign in again to go on.";
    case "invalid":
      return "The chat did not accept this name. Sign out and choose another.";
    case "stopped":
    case "open":
      return stateOf(connection);
  }
}

/** "now", "in a moment", "in 5 s", "in 2 min". */
export function inTime(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "in a moment";
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds <= 0) return "now";
  return seconds < 60 ? `in ${seconds} s` : `in ${Math.ceil(seconds / 60)} min`;
}
