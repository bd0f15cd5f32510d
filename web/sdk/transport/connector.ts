/**
 * Opens connections, for who signs in with a token that is got before each; and tells a handshake that
 * was refused from one that was lost, which a browser does not.
 */

import type { TokenSource } from "../api.ts";
import type { Platform, Socket, SocketEvents } from "../platform.ts";

/** What the server chooses of the subprotocols that are offered; the other is the token. */
const SUBPROTOCOL = "chat.v1";
/** Milliseconds until a token that did not help is replaced again: it may never have been the token. */
const FRESH_EVERY = 10 * 60_000;

interface Told extends SocketEvents {
  /** Nobody is signed in; `closed` comes after it. */
  signedOut(): void;
  /** Whoever answers where the chat is has not let one in; `closed` comes after it. */
  refused(): void;
}

export class Handshakes {
  readonly #source: TokenSource | undefined;
  readonly #platform: Platform;
  #wasRefused = false;
  /** When another fresh token may be asked for. */
  #freshAt = 0;

  constructor(source: TokenSource | undefined, platform: Platform) {
    this.#source = source;
    this.#platform = platform;
  }

  /** A token; *fresh* where the one that was used last did not help. */
  async token(fresh: boolean): Promise<string | undefined> {
    return this.#source?.({ fresh });
  }

  /** Who was refused tries with a fresh token now. */
  tryAgain(): void {
    this.#freshAt = 0;
  }

  /** A socket; *asks* is whether to find out why it does not open, which with a token is always. */
  open(url: string, told: Told, asks: boolean): Socket {
    const opening = new Opening();
    const fails = (): void => {
      if (!opening.isClosed) told.closed();
    };
    const judge = async (): Promise<void> => {
      // A guest's key is in the query, and for nobody who logs what is asked by HTTP.
      this.#wasRefused = await this.#platform.reaches(url.replace(/\?.*/, ""));
      if (this.#wasRefused) told.refused();
      fails();
    };
    const connect = (protocols: readonly string[]): void => {
      let isOpen = false;
      const own: SocketEvents = {
        opened: () => {
          isOpen = true;
          this.#wasRefused = false;
          this.#freshAt = 0;
          told.opened();
        },
        received: (text) => {
          told.received(text);
        },
        closed: () => {
          if (!isOpen && (asks || this.#source)) void judge();
          else fails();
        },
      };
      opening.socket = this.#platform.socket(url, own, protocols);
    };
    if (this.#source) {
      // What cannot be a subprotocol makes the browser throw: no more of a token than none.
      void this.#bear(opening, connect, told).catch(fails);
    } else {
      connect([]);
    }
    return opening;
  }

  async #bear(
    opening: Opening,
    connect: (protocols: readonly string[]) => void,
    told: Told,
  ): Promise<void> {
    const now = this.#platform.clock.now();
    const fresh = this.#wasRefused && now >= this.#freshAt;
    const token = await this.token(fresh);
    if (opening.isClosed) return;
    if (token === undefined) {
      told.signedOut();
      told.closed();
      return;
    }
    if (fresh) this.#freshAt = now + FRESH_EVERY;
    connect([SUBPROTOCOL, token]);
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
