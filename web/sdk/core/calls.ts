/** What is asked of the server once, on somebody's behalf, and told to whoever asked. */

import { ChatError } from "../errors.ts";
import type { AnyReply, AnyRequest, Replies } from "../protocol/types.ts";
import { FULFILLED_WITHIN } from "./deferreds.ts";

type Routine =
  | "hello"
  | "renew"
  | "ping"
  | "joinRoom"
  | "leaveRoom"
  | "sendMessage"
  | "getHistory"
  | "listMembers";

/** A request that follows from no state of ours: somebody wants it, now. */
export type Chore = Exclude<AnyRequest, { action: Routine }>;

export interface Errand {
  readonly frame: Chore;
  /** Done twice it would be two: when its reply is lost, it has failed. */
  readonly isOnce: boolean;
  readonly deadline: number;
  /** Why it has not succeeded so far. */
  setback: ChatError | undefined;
  readonly resolve: (reply: AnyReply) => void;
  readonly reject: (error: ChatError) => void;
}

/** Repeated until there is an answer, or until it takes too long. */
export class Errands {
  #open: readonly Errand[] = [];

  get open(): readonly Errand[] {
    return this.#open;
  }

  get deadline(): number {
    return Math.min(...this.#open.map(({ deadline }) => deadline));
  }

  run<Frame extends Chore>(
    frame: Frame,
    now: number,
    { isOnce = false } = {},
  ): Promise<Replies[Frame["action"]]> {
    return new Promise((resolve, reject) => {
      const errand: Errand = {
        frame,
        isOnce,
        deadline: now + FULFILLED_WITHIN,
        setback: undefined,
        // The reply is the one of the action: it has the id of this request.
        resolve: (reply) => {
          resolve(reply as Replies[Frame["action"]]);
        },
        reject,
      };
      this.#open = [...this.#open, errand];
    });
  }

  settle(errand: Errand, reply: AnyReply): void {
    this.#drop(errand);
    errand.resolve(reply);
  }

  fail(errand: Errand, error: ChatError): void {
    this.#drop(errand);
    errand.reject(error);
  }

  /** It was asked, and nobody knows whether it was done. */
  unsettle(errand: Errand, error: ChatError): void {
    if (errand.isOnce) this.fail(errand, error);
    else errand.setback = error;
  }

  /** What was wanted in a room that cannot be had any more. */
  failIn(roomId: string, error: ChatError): void {
    for (const errand of this.#open) {
      if (roomOf(errand) === roomId) this.fail(errand, error);
    }
  }

  expire(now: number): void {
    for (const errand of this.#open) {
      if (now < errand.deadline) continue;
      this.fail(errand, errand.setback ?? new ChatError("timeout", "no answer in time"));
    }
  }

  #drop(errand: Errand): void {
    this.#open = this.#open.filter((other) => other !== errand);
  }
}

export function roomOf({ frame }: Errand): string | undefined {
  return "roomId" in frame ? frame.roomId : undefined;
}
