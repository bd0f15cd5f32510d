/** Calls: requests that a user of the SDK makes once, each with a promise of its reply. */

import { ChatError } from "../errors.ts";
import type { AnyReply, AnyRequest, Replies } from "../protocol/types.ts";
import { CALL_TIMEOUT } from "./deferreds.ts";

/** Requests that the client derives from its state. All others are calls. */
type DerivedAction =
  | "hello"
  | "renew"
  | "ping"
  | "joinRoom"
  | "leaveRoom"
  | "sendMessage"
  | "getHistory"
  | "listMembers";

export type CallRequest = Exclude<AnyRequest, { action: DerivedAction }>;

export interface Call {
  readonly frame: CallRequest;
  /** Whether it may be sent again after a lost reply. A repeated `createRoom` would make two rooms. */
  readonly mayRepeat: boolean;
  readonly deadline: number;
  /** The error of the last attempt. At the deadline, the call rejects with it. */
  lastError: ChatError | undefined;
  readonly resolve: (reply: AnyReply) => void;
  readonly reject: (error: ChatError) => void;
}

/** The calls without a reply. Each is sent again until it is answered or its deadline passes. */
export class Calls {
  #pending: readonly Call[] = [];

  get pending(): readonly Call[] {
    return this.#pending;
  }

  get deadline(): number {
    return Math.min(...this.#pending.map(({ deadline }) => deadline));
  }

  start<Frame extends CallRequest>(
    frame: Frame,
    now: number,
    { mayRepeat = true } = {},
  ): Promise<Replies[Frame["action"]]> {
    return new Promise((resolve, reject) => {
      const call: Call = {
        frame,
        mayRepeat,
        deadline: now + CALL_TIMEOUT,
        lastError: undefined,
        // The reply has this request's id, so it is the reply of this action.
        resolve: (reply) => {
          resolve(reply as Replies[Frame["action"]]);
        },
        reject,
      };
      this.#pending = [...this.#pending, call];
    });
  }

  resolve(call: Call, reply: AnyReply): void {
    this.#remove(call);
    call.resolve(reply);
  }

  reject(call: Call, error: ChatError): void {
    this.#remove(call);
    call.reject(error);
  }

  /** Handle an attempt that the server may or may not have carried out. */
  onUncertain(call: Call, error: ChatError): void {
    if (call.mayRepeat) call.lastError = error;
    else this.reject(call, error);
  }

  /** Reject the calls about a room that has failed. */
  rejectInRoom(roomId: string, error: ChatError): void {
    for (const call of this.#pending) {
      if (roomIdOf(call) === roomId) this.reject(call, error);
    }
  }

  expire(now: number): void {
    for (const call of this.#pending) {
      if (now < call.deadline) continue;
      this.reject(call, call.lastError ?? new ChatError("timeout", "no answer in time"));
    }
  }

  #remove(call: Call): void {
    this.#pending = this.#pending.filter((other) => other !== call);
  }
}

export function roomIdOf({ frame }: Call): string | undefined {
  return "roomId" in frame ? frame.roomId : undefined;
}
