/** Connections that carry a token: got before each, and again when it was refused. */

import type { TokenSource } from "./api.ts";
import type { Environment, Socket, SocketEvents } from "./environment.ts";

/** What the server chooses of the subprotocols that are offered; the other is the token. */
const SUBPROTOCOL = "chat.v1";
/**
 * Handshakes in a row that fail where the chat is reached. An authorizer that says no looks like one
 * that is overloaded, so one is not enough; the second and all after it are with a fresh token.
 */
const TRIES = 4;

interface Told {
  /** Nobody is signed in, or nobody lets them in. */
  signedOut(reason: "noToken" | "refused"): void;
}

export class Bearer {
  readonly #source: TokenSource;
  readonly #environment: Environment;
  readonly #told: Told;
  #refusals = 0;

  constructor(source: TokenSource, environment: Environment, told: Told) {
    this.#source = source;
    this.#environment = environment;
    this.#told = told;
  }

  /** A token; *fresh* where the one that was used last did not help. */
  token(fresh: boolean): Promise<string | undefined> {
    return Promise.resolve().then(() => this.#source({ fresh }));
  }

  /** Try as if nothing had been refused, but not with the same token. */
  tryAgain(): void {
    this.#refusals = Math.min(this.#refusals, 1);
  }

  /** A socket that gets its token first; whatever fails on the way closes it. */
  open(url: string, events: SocketEvents): Socket {
    const opening = new Opening();
    const opened = (): void => {
      this.#refusals = 0;
      events.opened();
    };
    const fails = (): void => {
      if (!opening.isClosed) events.closed();
    };
    const connect = (token: string | undefined): void => {
      if (opening.isClosed) return;
      if (token === undefined) {
        this.#told.signedOut("noToken");
        fails();
        return;
      }
      let isOpen = false;
      const own: SocketEvents = {
        opened: () => {
          isOpen = true;
          opened();
        },
        received: (text) => {
          events.received(text);
        },
        closed: () => {
          if (isOpen) events.closed();
          else void this.#refused(url).then(fails);
        },
      };
      opening.socket = this.#environment.socket(url, own, [SUBPROTOCOL, token]);
    };
    // What cannot be a subprotocol makes the browser throw: no more of a token than none.
    this.token(this.#refusals === 1)
      .then(connect)
      .catch(fails);
    return opening;
  }

  /** The handshake failed; was it for the token? */
  async #refused(url: string): Promise<void> {
    if (!(await this.#environment.reaches(url))) return;
    this.#refusals += 1;
    if (this.#refusals >= TRIES) this.#told.signedOut("refused");
  }
}

/** A socket whose token is still on its way. */
class Opening implements Socket {
  socket: Socket | undefined;
  isClosed = false;

  send(text: string): void {
    this.socket?.send(text);
  }

  close(): void {
    this.isClosed = true;
    this.socket?.close();
  }
}
