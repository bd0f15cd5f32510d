/** What the SDK needs from its surroundings, and a browser's own. */

export interface SocketEvents {
  opened(): void;
  received(text: string): void;
  /** Closed, or not opened; comes once, and nothing after it. */
  closed(): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface Environment {
  /** *protocols* are what to offer in `Sec-WebSocket-Protocol`. */
  socket(url: string, events: SocketEvents, protocols: readonly string[]): Socket;
  /** Whether anything answers HTTP where the chat is: then a handshake was refused, not lost. */
  reaches(url: string): Promise<boolean>;
  readonly clock: {
    /** Milliseconds since 1970. */
    now(): number;
    /** Calls back after *ms*, or later; returns how to prevent it. */
    after(ms: number, callback: () => void): () => void;
  };
  /** From 0 up to 1, unguessable: keys come from it. */
  readonly random: () => number;
  readonly signals: {
    /** False when the machine knows that it has no network; true proves nothing. */
    isOnline(): boolean;
    /** Calls back when the network came or went, or the page is seen again; returns how to end it. */
    onChange(callback: () => void): () => void;
  };
}

/** Milliseconds until who does not answer counts as not there. */
const REACHED_WITHIN = 5_000;

/** The surroundings of a page, or of any runtime with WebSocket, timers and crypto. */
export function browser(): Environment {
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
    signals: { isOnline, onChange },
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

/** A browser tells a page nothing of a handshake that failed; of a request, whether it was answered. */
async function reaches(url: string): Promise<boolean> {
  const address = url.replace(/^ws/, "http");
  const signal = AbortSignal.timeout(REACHED_WITHIN);
  try {
    await fetch(address, { mode: "no-cors", cache: "no-store", credentials: "omit", signal });
    return true;
  } catch {
    return false;
  }
}

function isOnline(): boolean {
  // Node has a navigator that does not know.
  return typeof navigator === "undefined" || (navigator as Partial<Navigator>).onLine !== false;
}

function onChange(callback: () => void): () => void {
  if (typeof window === "undefined") {
    return () => undefined;
  }
  const whenSeen = (): void => {
    if (document.visibilityState === "visible") callback();
  };
  const ended = new AbortController();
  const { signal } = ended;
  for (const name of ["online", "offline", "pageshow"]) {
    window.addEventListener(name, callback, { signal });
  }
  document.addEventListener("visibilitychange", whenSeen, { signal });
  return () => {
    ended.abort();
  };
}
