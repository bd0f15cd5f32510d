/** Sockets between chats and the fake server, with the faults that a test sets. */

import type { Platform, Socket, SocketEvents } from "../platform.ts";
import type { Request } from "../protocol/parse.ts";
import type { AnyEvent, Member } from "../protocol/types.ts";
import type { FakeClock } from "./clock.ts";
import type { ServerConnection } from "./room.ts";
import { CONNECTION_LIFE, type FakeServer } from "./server.ts";
import { parseToken, type Identity } from "./tokens.ts";

/** The faults that a request can have. */
export const REQUEST_FAULTS = [
  /** The connection breaks before the server receives the request. */
  "lost",
  /** The connection breaks after the server has carried it out. */
  "replyLost",
  /** An `internal` error, before anything was done. */
  "errorBefore",
  /** An `internal` error, after everything was done. */
  "errorAfter",
  /** The gateway's own error, after everything was done. */
  "gatewayError",
  /** The server carries it out, but no reply ever arrives. */
  "noReply",
] as const;
export type RequestFault = "none" | (typeof REQUEST_FAULTS)[number];

/** The fault of a push. */
export type PushFault = "none" | "lost" | "twice" | "late";

const GATEWAY_ERROR = {
  message: "Internal server error",
  connectionId: "c",
  requestId: "gateway's",
};

export class FakeNetwork {
  requestFault: (request: Request) => RequestFault = () => "none";
  pushFault: (event: AnyEvent) => PushFault = () => "none";
  /** Milliseconds in one direction. */
  latency: () => number = () => 10;
  /** Additional milliseconds for a reply. */
  replyDelay: (request: Request) => number = () => 0;
  /** Additional milliseconds for a late push. */
  pushDelay: () => number = () => 3_000;
  isReachable = true;
  /** The name of the one user whose handshakes are rejected. */
  rejects: string | undefined;
  /** Tokens that are no longer valid, although they have not expired. */
  readonly revokedTokens = new Set<string>();
  /** The number of handshakes so far, including those that failed. */
  handshakes = 0;
  /** The URLs that were requested by HTTP. */
  readonly reachedUrls: string[] = [];
  readonly openSockets = new Set<FakeSocket>();
  /** The number of sockets that have opened so far. */
  openedCount = 0;
  readonly #clock: FakeClock;
  readonly #server: FakeServer;

  constructor(clock: FakeClock, server: FakeServer) {
    this.#clock = clock;
    this.#server = server;
  }

  connect = (url: string, events: SocketEvents, protocols: readonly string[]): Socket => {
    this.handshakes += 1;
    const token = protocols[0] === "chat.v1" ? protocols[1] : undefined;
    const valid = this.revokedTokens.has(token ?? "") ? "" : token;
    const identity = valid === undefined ? guestOf(new URL(url)) : parseToken(valid);
    return new FakeSocket(this, this.#clock, this.#server, identity, events);
  };

  reaches = (url: string): Promise<boolean> => {
    this.reachedUrls.push(url);
    return Promise.resolve(this.isReachable);
  };

  /** Let the next request of an action have a fault, and the later ones none. */
  failNext(action: Request["action"], fault: RequestFault): void {
    this.requestFault = (request) => {
      if (request.action !== action) return "none";
      this.requestFault = () => "none";
      return fault;
    };
  }

  /** The network's part of a platform. */
  get platform(): Pick<Platform, "socket" | "reaches"> {
    return { socket: this.connect, reaches: this.reaches };
  }

  /** Break all connections, or those of one user. */
  disconnect(name?: string): void {
    for (const socket of [...this.openSockets]) {
      if (name === undefined || socket.member.name === name) socket.break();
    }
  }

  /** Let all connections go dead without a close: nothing arrives any more. */
  freeze(): void {
    for (const socket of this.openSockets) socket.isFrozen = true;
  }
}

class FakeSocket implements Socket, ServerConnection {
  isFrozen = false;
  readonly member: Member;
  expiresAt: number;
  readonly #endsAt: number;
  #cancelExpiry: () => void = nothing;
  #state: "opening" | "open" | "closed" = "opening";
  readonly #network: FakeNetwork;
  readonly #clock: FakeClock;
  readonly #server: FakeServer;
  readonly #events: SocketEvents;

  constructor(
    network: FakeNetwork,
    clock: FakeClock,
    server: FakeServer,
    identity: Identity,
    events: SocketEvents,
  ) {
    this.member = identity.member;
    this.#endsAt = clock.now() + CONNECTION_LIFE;
    this.expiresAt = Math.min(this.#endsAt, identity.expiresAt);
    this.#network = network;
    this.#clock = clock;
    this.#server = server;
    this.#events = events;
    this.#later(() => {
      this.#open();
    });
    this.#scheduleExpiry();
  }

  renew(token: string): boolean {
    const { member, expiresAt } = parseToken(token);
    if (member.userId !== this.member.userId || expiresAt <= this.#clock.now()) return false;
    this.expiresAt = Math.min(this.#endsAt, expiresAt);
    this.#scheduleExpiry();
    return true;
  }

  send(text: string): void {
    if (this.#state === "opening") throw new Error("sent before it was open");
    const request = JSON.parse(text) as Request;
    this.#later(() => {
      if (this.#state === "open") this.#receive(request);
    });
  }

  close(): void {
    this.#close();
  }

  break(): void {
    if (this.#state === "closed") return;
    this.#close();
    this.#clock.after(0, () => {
      this.#events.closed();
    });
  }

  /** Deliver a text that the fake server does not send. */
  inject(text: string): void {
    this.#events.received(text);
  }

  push(event: AnyEvent): void {
    const fault = this.#network.pushFault(event);
    if (fault === "lost") return;
    this.#deliver(event, fault === "late" ? this.#network.pushDelay() : 0);
    if (fault === "twice") this.#deliver(event);
  }

  #open(): void {
    if (this.#state === "closed") return;
    const isExpired = this.expiresAt <= this.#clock.now();
    if (!this.#network.isReachable || isExpired || this.#network.rejects === this.member.name) {
      this.break();
      return;
    }
    this.#state = "open";
    this.#network.openSockets.add(this);
    this.#network.openedCount += 1;
    this.#events.opened();
  }

  #close(): void {
    this.#cancelExpiry();
    this.#state = "closed";
    this.#network.openSockets.delete(this);
    this.#server.disconnect(this);
  }

  #scheduleExpiry(): void {
    this.#cancelExpiry();
    this.#cancelExpiry = this.#clock.after(this.expiresAt - this.#clock.now(), () => {
      this.break();
    });
  }

  #receive(request: Request): void {
    const fault = this.#network.requestFault(request);
    const { requestId } = request;
    const internal = {
      type: "error",
      code: "internal",
      message: "7",
      retryAfterMs: 100,
      requestId,
    };
    if (fault === "lost") this.break();
    else if (fault === "errorBefore") this.#deliver(internal);
    else {
      const reply = this.#server.reply(this, request);
      if (fault === "replyLost") this.break();
      else if (fault === "errorAfter") this.#deliver(internal);
      else if (fault === "gatewayError") this.#deliver(GATEWAY_ERROR);
      else if (fault === "none") this.#deliver(reply, this.#network.replyDelay(request));
    }
  }

  #deliver(frame: object, delay = 0): void {
    const text = JSON.stringify(frame);
    this.#later(() => {
      if (this.#state === "open") this.#events.received(text);
    }, delay);
  }

  #later(callback: () => void, delay = 0): void {
    this.#clock.after(delay + this.#network.latency(), () => {
      if (!this.isFrozen) callback();
    });
  }
}

/** Return the guest of a URL. Only the life of the connection limits it. */
function guestOf(url: URL): Identity {
  const key = url.searchParams.get("key") ?? "";
  const name = url.searchParams.get("name") ?? "guest";
  return { member: { userId: `guest-${key}`, name }, expiresAt: Infinity };
}

function nothing(): void {
  // There is no expiry to cancel yet.
}
