/** Parses the frames that the server sends. */

import type { AnyEvent, AnyReply } from "./types.ts";

export type { AnyRequest as Request, Renewed } from "./types.ts";

/** The error of API Gateway itself: the function ended before it returned a reply. */
export interface GatewayError {
  readonly type: undefined;
  readonly message: string;
}

export type Frame = AnyReply | AnyEvent | GatewayError;

/** Return the frame, or undefined if *text* is not a JSON object. The server is trusted beyond that. */
export function parse(text: string): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null ? (frame as Frame) : undefined;
  } catch {
    return undefined;
  }
}
