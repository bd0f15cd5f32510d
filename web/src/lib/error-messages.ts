/** What went wrong, in plain words. */

import type { ChatError } from "../../sdk/index.ts";
import { inTime } from "./connection-messages.ts";

type Words = (error: ChatError) => string;

/** Why the server does not allow it depends on what that was: it has one code for all. */
const FORBIDDEN: Readonly<Partial<Record<NonNullable<ChatError["action"]>, string>>> = {
  createRoom:
    "You have as many rooms as one may have, or are in as many. Delete or leave one first.",
  joinRoom:
    "You are banned from this room, or in as many rooms as one may be in: then leave one first.",
  inviteMember: "You may not invite them. If they are banned from this room, lift the ban first.",
  sendMessage: "This chat's review refused it.",
};

const ERRORS: Readonly<Record<ChatError["code"], Words>> = {
  bad_request: () => "The chat could not understand that. Reloading the page may help.",
  unknown_action: () => "This chat does not know how to do that. Reloading the page may help.",
  unauthorized: () => "The connection has been closed. It is being opened again.",
  forbidden: ({ reason, retryAfterMs, action }) => {
    if (reason !== undefined) return `This chat's review refused it: ${reason}`;
    if (retryAfterMs !== undefined) {
      return `You are muted. You can write again ${inTime(retryAfterMs)}.`;
    }
    return (action && FORBIDDEN[action]) ?? "You may not do that here.";
  },
  room_not_found: () => "There is no such room.",
  room_exists: () => "This address is taken. Choose another, or join that room.",
  not_a_member: () => "You are not in this room. Join it first.",
  too_large: () => "That is too long.",
  rate_limited: ({ retryAfterMs }) => `That was a lot at once. Try again ${inTime(retryAfterMs)}.`,
  not_reviewed: ({ retryAfterMs }) =>
    `It could not be reviewed just now. Try again ${inTime(retryAfterMs)}.`,
  internal: ({ retryAfterMs }) => `Something broke on our side. Try again ${inTime(retryAfterMs)}.`,
  kicked: () => "You have been put out of this room.",
  banned: () => "You have been banned from this room.",
  deleted: () => "This room has been deleted by its owner.",
  timeout: () => "There was no answer. Check your connection and try again.",
  disconnected: () => "The connection was lost before there was an answer. Try again.",
};

/** A reason in words that are for people. */
export class Excuse extends Error {}

/** What to tell a person about an error. */
export function explain(error: unknown): string {
  if (isChatError(error)) return ERRORS[error.code](error);
  return error instanceof Excuse ? error.message : "Something went wrong. Try again.";
}

function isChatError(error: unknown): error is ChatError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code in ERRORS;
}
