/** Describes errors to the user. */

import type { ChatError } from "../../sdk/index.ts";
import { inTime } from "./connection-messages.ts";

type Describe = (error: ChatError) => string;

/** The messages of `forbidden` by action. The server has one code for all of them. */
const FORBIDDEN: Readonly<Partial<Record<NonNullable<ChatError["action"]>, string>>> = {
  createRoom: "You've reached the room limit. Delete or leave a room first.",
  joinRoom: "You are banned from this room, or you've reached the room limit. Leave a room first.",
  inviteMember: "You can't invite this user. If they are banned from this room, unban them first.",
  sendMessage: "Your message was rejected by moderation.",
};

const ERRORS: Readonly<Record<ChatError["code"], Describe>> = {
  bad_request: () => "The chat could not understand that. Reloading the page may help.",
  unknown_action: () => "This chat does not support that. Reloading the page may help.",
  unauthorized: () => "The connection was closed. Reconnecting.",
  forbidden: ({ reason, retryAfterMs, action }) => {
    if (reason !== undefined) return `Your message was rejected by moderation: ${reason}`;
    if (retryAfterMs !== undefined) {
      return `You are muted. You can write again ${inTime(retryAfterMs)}.`;
    }
    return (action && FORBIDDEN[action]) ?? "You are not allowed to do that here.";
  },
  room_not_found: () => "There is no such room.",
  room_exists: () => "This address is taken. Choose another one, or join that room.",
  not_a_member: () => "You are not in this room. Join it first.",
  too_large: () => "That is too long.",
  rate_limited: ({ retryAfterMs }) => `Too many requests. Try again ${inTime(retryAfterMs)}.`,
  not_reviewed: ({ retryAfterMs }) =>
    `Moderation is not available. Try again ${inTime(retryAfterMs)}.`,
  internal: ({ retryAfterMs }) =>
    `Something went wrong on our side. Try again ${inTime(retryAfterMs)}.`,
  kicked: () => "You were removed from this room.",
  banned: () => "You were banned from this room.",
  deleted: () => "This room was deleted by its owner.",
  timeout: () => "The chat did not reply. Check your connection and try again.",
  disconnected: () => "The connection was lost before the chat replied. Try again.",
};

/** An error whose message is for the user. */
export class UserMessage extends Error {}

/** Return the message for the user. */
export function errorMessage(error: unknown): string {
  if (isChatError(error)) return ERRORS[error.code](error);
  return error instanceof UserMessage ? error.message : "Something went wrong. Try again.";
}

function isChatError(error: unknown): error is ChatError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code in ERRORS;
}
