/** The error of the SDK, and the reasons why a user was removed from a room. */

import type { AnyRequest, ErrorCode } from "./protocol/types.ts";

/** The action of another user that removed this user from a room. */
export type RemovalReason = "kicked" | "banned" | "deleted";

/** Return whether *code* says that another user removed this user from a room. */
export function isRemovalReason(code: ChatError["code"]): code is RemovalReason {
  return code === "kicked" || code === "banned" || code === "deleted";
}

/** A call that failed. The message is for developers; pages decide by `code`. */
export class ChatError extends Error {
  readonly code: ErrorCode | RemovalReason | "timeout" | "disconnected";
  readonly retryAfterMs: number | undefined;

  /** The text for users that a review gave when it rejected a message. */
  readonly reason: string | undefined;

  /** The request that the server refused, such as `createRoom`; undefined if it is unknown. */
  readonly action: AnyRequest["action"] | undefined;

  constructor(
    code: ChatError["code"],
    message: string,
    retryAfterMs?: number,
    reason?: string,
    action?: AnyRequest["action"],
  ) {
    super(message);
    this.name = "ChatError";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.reason = reason;
    this.action = action;
  }
}
