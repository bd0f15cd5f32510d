/** Describes the state of the connection to the user. */

import type { ConnectionStatus, DisconnectReason } from "../../sdk/index.ts";

/** Return the state of the connection in one or two words. */
export function connectionLabel(connection: ConnectionStatus): string {
  if ("reason" in connection && connection.reason === "rejected") return "Access denied";
  const labels: Readonly<Record<ConnectionStatus["state"], string>> = {
    connecting: "Connecting…",
    open: "Connected",
    waiting: "Reconnecting…",
    offline: "Offline",
    stopped: "Disconnected",
    signedOut: "Signed out",
    invalid: "Access denied",
  };
  return labels[connection.state];
}

const REASONS: Readonly<Record<DisconnectReason, string>> = {
  lost: "Connection lost",
  unreachable: "No connection",
  rejected:
    "Can't connect: the chat may be overloaded, open in too many places, or you may have lost access",
  cooldown: "Disconnected: you sent too many messages",
};

/** Return a sentence about a connection that is not open. */
export function connectionMessage(connection: ConnectionStatus, now: number): string {
  if ("reason" in connection && connection.reason !== "noToken") {
    return `${REASONS[connection.reason]}. Trying again ${inTime(connection.retryAt - now)}.`;
  }
  switch (connection.state) {
    case "offline":
      return "You are offline. Your messages will be sent when you are back online.";
    case "connecting":
      return "Connecting…";
    case "signedOut":
      return "Your session has expired. Sign in again to continue.";
    case "invalid":
      return "The chat did not accept this name. Sign out and choose another one.";
    case "stopped":
    case "open":
      return connectionLabel(connection);
  }
}

/** Return "now", "in a moment", "in 5 s" or "in 2 min". */
export function inTime(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "in a moment";
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds <= 0) return "now";
  return seconds < 60 ? `in ${seconds} s` : `in ${Math.ceil(seconds / 60)} min`;
}
