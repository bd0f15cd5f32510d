/** What comes in from the server, read. */

import type { AnyEvent, AnyReply } from "./types.ts";

export type { AnyRequest as Request, Renewed } from "./types.ts";

/** API Gateway's own error: the function was ended before it could answer. */
export interface GatewayError {
  readonly type: undefined;
  readonly message: string;
}

export type Frame = AnyReply | AnyEvent | GatewayError;

/** The frame, trusted to keep to the protocol; undefined when it is not even JSON. */
export function parse(text: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null ? (frame as Frame) : undefined;
  } catch {
    return undefined;
  }
}
