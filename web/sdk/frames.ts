/** What comes in from the server, read. */

import type { AnyEvent, AnyReply, AnyRequest } from "./types.ts";

/** Let the connection go on with a fresh token of the same user. */
export interface Renew {
  readonly action: "renew";
  readonly token: string;
  readonly requestId?: string;
}

/** Until when the connection lives now. */
export interface Renewed {
  readonly type: "renewed";
  /** RFC 3339, UTC, milliseconds. */
  readonly expiresAt: string;
  readonly requestId?: string;
}

export type Request = AnyRequest | Renew;

/** API Gateway's own error: the function was ended before it could answer. */
export interface GatewayError {
  readonly type: undefined;
  readonly message: string;
}

export type Frame = AnyReply | AnyEvent | GatewayError | Renewed;

/** The frame, trusted to keep to the protocol; undefined when it is not even JSON. */
export function parse(text: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null ? (frame as Frame) : undefined;
  } catch {
    return undefined;
  }
}
