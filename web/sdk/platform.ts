/** The parts of the runtime that the SDK needs, and a browser's implementation of them. */

/** The events of a socket. */
export interface SocketEvents {
  opened(): void;
  received(text: string): void;
  /** The socket closed, or it did not open. Called once; no event follows it. */
  closed(): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

/** Sockets, time, randomness and the state of the network. */
export interface Platform {
  /** Opens a socket. *protocols* are offered in `Sec-WebSocket-Protocol`. */
  socket(url: string, events: SocketEvents, protocols: readonly string[]): Socket;
  /**
   * Resolves to whether anything answers HTTP at *url*.
   *
   * If something does, a failed handshake was rejected, and not lost.
   */
  reaches(url: string): Promise<boolean>;
  readonly clock: {
    /** Returns milliseconds since 1970. */
    now(): number;
    /** Calls *callback* after at least *ms* milliseconds. Returns a function that cancels the call. */
    after(ms: number, callback: () => void): () => void;
  };
  /** Returns a number from 0 up to 1. It must not be predictable: guests' keys are made of it. */
  readonly random: () => number;
  readonly connectivity: {
    /** Returns false if the device knows that it has no network. True proves nothing. */
    isOnline(): boolean;
    /**
     * Calls *callback* when the network appears or disappears, and when the page becomes visible.
     *
     * Returns a function that ends the calls.
     */
    onChange(callback: () => void): () => void;
  };
}

/** Milliseconds until the chat's address counts as unreachable. */
const REACH_TIMEOUT = 5_000;

/** Return the platform of a browser, or of any runtime with WebSocket, timers and crypto. */
export function browserPlatform(): Platform {
  return {
    socket: openSocket,
    reaches,
    clock: {
      now: () => Date.now(),
      after: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => {
          clearTimeout(timer);
        };
      },
    },
    random: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
    connectivity: { isOnline, onChange },
  };
}

function openSocket(url: string, events: SocketEvents, protocols: readonly string[]): Socket {
  const socket = new WebSocket(url, [...protocols]);
  socket.onopen = () => {
    events.opened();
  };
  socket.onmessage = (event) => {
    events.received(String(event.data));
  };
  socket.onclose = () => {
    events.closed();
  };
  return socket;
}

/** A browser hides why a handshake failed, but it reports whether an HTTP request was answered. */
async function reaches(url: string): Promise<boolean> {
  const address = url.replace(/^ws/, "http");
  const signal = AbortSignal.timeout(REACH_TIMEOUT);
  try {
    await fetch(address, { mode: "no-cors", cache: "no-store", credentials: "omit", signal });
    return true;
  } catch {
    return false;
  }
}

function isOnline(): boolean {
  // Node.js has a navigator without onLine.
  return typeof navigator === "undefined" || (navigator as Partial<Navigator>).onLine !== false;
}

function onChange(callback: () => void): () => void {
  if (typeof window === "undefined") {
    return () => undefined;
  }
  const onVisibility = (): void => {
    if (document.visibilityState === "visible") callback();
  };
  const ended = new AbortController();
  const { signal } = ended;
  for (const name of ["online", "offline", "pageshow"]) {
    window.addEventListener(name, callback, { signal });
  }
  document.addEventListener("visibilitychange", onVisibility, { signal });
  return () => {
    ended.abort();
  };
}
