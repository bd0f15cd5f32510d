/** What went wrong and how the connection is, in plain words. */

import type { ChatError, Connection } from "../../sdk/index.ts";

type Words = (error: ChatError) => string;

const ERRORS: Readonly<Record<ChatError["code"], Words>> = {
  bad_request: () => "The chat could not understand that. Reloading the page may help.",
  unknown_action: () => "This chat does not know how to do that. Reloading the page may help.",
  unauthorized: () => "The connection has been closed. It is being opened again.",
  forbidden: ({ reason, retryAfterMs }) => {
    if (reason !== undefined) return `This chat's review refused it: ${reason}`;
    return retryAfterMs === undefined
      ? "You may not do that here. If it was about a room: you may be banned from it, or be in too many."
      : `You are muted. You can write again ${inTime(retryAfterMs)}.`;
  },
  room_not_found: () => "There is no such room.",
  room_exists: () => "This address is taken. Choose another, or join that room.",
  not_a_member: () => "You are not in this room. Join it first.",
  too_large: () => "That is too long.",
  rate_limited: ({ retryAfterMs }) => `That was a lot at once. Try again ${inTime(retryAfterMs)}.`,
  not_reviewed: ({ retryAfterMs }) =>
    `It could not be reviewed just now. Try again ${inTime(retryAfterMs)}.`,
  internal: ({ retryAfterMs }) => `Something broke on our side. Try again ${inTime(retryAfterMs)}.`,
  kicked: () => "You have been put out of this room. You can come back, if it is a public one.",
  banned: () => "You have been banned from this room.",
  deleted: () => "This room has been deleted by its owner.",
  timeout: () => "There was no answer. Check your connection and try again.",
  disconnected: () => "The connection was lost before there was an answer. Try again.",
};

/** What to tell a person about an error. */
export function explain(error: unknown): string {
  return isChatError(error) ? ERRORS[error.code](error) : "Something went wrong. Try again.";
}

/** How the connection is, in a word or two. */
export function stateOf(connection: Connection): string {
  const states: Readonly<Record<Connection["state"], string>> = {
    connecting: "Connecting…",
    open: "Connected",
    waiting: "Reconnecting…",
    offline: "Offline",
    stopped: "Disconnected",
    signedOut: "Signed out",
    refused: "Not let in",
  };
  return states[connection.state];
}

/** What there is to say about a connection that is not open. */
export function situation(connection: Connection, now: number): string {
  switch (connection.state) {
    case "waiting":
      return `${connection.reason === "lost" ? "Connection lost" : "No connection"}. Trying again ${inTime(connection.retryAt - now)}.`;
    case "offline":
      return "You are offline. What you write is sent when you are back.";
    case "connecting":
      return "Connecting…";
    case "signedOut":
      return connection.reason === "noToken"
        ? "Your sign-in has ended. Sign in again to go on."
        : "The chat does not let you in: your sign-in has been ended, or you are not allowed here.";
    case "refused":
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

function isChatError(error: unknown): error is ChatError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code in ERRORS;
}
