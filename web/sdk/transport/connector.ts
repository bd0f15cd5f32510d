/**
 * Opens WebSockets, with a token for a user who signs in.
 *
 * Distinguishes a rejected handshake from a network failure, which a browser's WebSocket does not.
 */

import type { TokenSource } from "../api.ts";
import type { Platform, Socket, SocketEvents } from "../platform.ts";

/** The subprotocol that the server selects. The token is offered as a second one. */
const SUBPROTOCOL = "chat.v1";
/** Milliseconds between new tokens while handshakes are rejected: the token may not be the cause. */
const NEW_TOKEN_EVERY = 10 * 60_000;

export interface ConnectorEvents extends SocketEvents {
  /** The token source has no token. `closed` follows. */
  signedOut(): void;
  /** Something answers at the chat's address, but the handshake failed. `closed` follows. */
  rejected(): void;
}

export class Connector {
  readonly #source: TokenSource | undefined;
  readonly #platform: Platform;
  #wasRejected = false;
  /** When the next new token may be requested. */
  #newTokenAt = 0;

  constructor(source: TokenSource | undefined, platform: Platform) {
    this.#source = source;
    this.#platform = platform;
  }

  /** Return a token; a new one if *fresh*, because the last one was rejected or is about to end. */
  async token(fresh: boolean): Promise<string | undefined> {
    return this.#source?.({ fresh });
  }

  /** Let the next attempt after a rejection request a new token. */
  allowNewToken(): void {
    this.#newTokenAt = 0;
  }

  /**
   * Open a socket.
   *
   * If the socket does not open, *mustExplain* makes the connector find out why. With a token, it
   * always does.
   */
  open(url: string, events: ConnectorEvents, mustExplain: boolean): Socket {
    const socket = new PendingSocket();
    const fail = (): void => {
      if (!socket.isClosed) events.closed();
    };
    const explain = async (): Promise<void> => {
      // The query has a guest's key, which does not belong in logs of HTTP requests.
      this.#wasRejected = await this.#platform.reaches(url.replace(/\?.*/, ""));
      if (this.#wasRejected) events.rejected();
      fail();
    };
    const connect = (protocols: readonly string[]): void => {
      let isOpen = false;
      const socketEvents: SocketEvents = {
        opened: () => {
          isOpen = true;
          this.#wasRejected = false;
          this.#newTokenAt = 0;
          events.opened();
        },
        received: (text) => {
          events.received(text);
        },
        closed: () => {
          if (!isOpen && (mustExplain || this.#source)) void explain();
          else fail();
        },
      };
      socket.socket = this.#platform.socket(url, socketEvents, protocols);
    };
    if (this.#source) {
      // The browser throws if the token cannot be a subprotocol. That is a failure like any other.
      void this.#withToken(socket, connect, events).catch(fail);
    } else {
      connect([]);
    }
    return socket;
  }

  async #withToken(
    socket: PendingSocket,
    connect: (protocols: readonly string[]) => void,
    events: ConnectorEvents,
  ): Promise<void> {
    const now = this.#platform.clock.now();
    const fresh = this.#wasRejected && now >= this.#newTokenAt;
    const token = await this.token(fresh);
    if (socket.isClosed) return;
    if (token === undefined) {
      events.signedOut();
      events.closed();
      return;
    }
    if (fresh) this.#newTokenAt = now + NEW_TOKEN_EVERY;
    connect([SUBPROTOCOL, token]);
  }
}

/** A socket whose token may not be there yet. */
class PendingSocket implements Socket {
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
