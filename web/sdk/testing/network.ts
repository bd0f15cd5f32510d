/** Sockets between chats and the server in memory, which break when a test says so. */

import type { Platform, Socket, SocketEvents } from "../platform.ts";
import type { Request } from "../protocol/parse.ts";
import type { AnyEvent, Member } from "../protocol/types.ts";
import type { FakeClock } from "./clock.ts";
import type { Connection } from "./room.ts";
import { LIFE, type Server } from "./server.ts";
import { bearerOf, type Bearer } from "./tokens.ts";

/** What becomes of a request. */
export type Fate =
  | "fine"
  /** The connection breaks before the server hears it. */
  | "lost"
  /** The connection breaks after the server has done it. */
  | "replyLost"
  /** An `internal` error, before anything was done. */
  | "refused"
  /** An `internal` error, after everything was done. */
  | "spoilt"
  /** The gateway's own error, after everything was done. */
  | "killed"
  /** No answer ever comes. */
  | "swallowed";

/** What becomes of a push. */
export type PushFate = "fine" | "lost" | "twice" | "late";

const GATEWAY = { message: "Internal server error", connectionId: "c", requestId: "gateway's" };

export class Network {
  fate: (request: Request) => Fate = () => "fine";
  pushFate: (event: AnyEvent) => PushFate = () => "fine";
  /** Milliseconds of one way. */
  latency: () => number = () => 10;
  /** Milliseconds more, for a reply. */
  replyDelay: (request: Request) => number = () => 0;
  /** Milliseconds more, for a late push. */
  lateness: () => number = () => 3_000;
  isReachable = true;
  /** Whom alone it does not let in. */
  refuses: string | undefined;
  /** Tokens that count no more, though they have not expired. */
  readonly revoked = new Set<string>();
  /** Handshakes so far, those that failed among them. */
  tried = 0;
  /** The addresses that were asked by HTTP. */
  readonly reached: string[] = [];
  readonly open = new Set<FakeSocket>();
  opened = 0;
  readonly #clock: FakeClock;
  readonly #server: Server;

  constructor(clock: FakeClock, server: Server) {
    this.#clock = clock;
    this.#server = server;
  }

  connect = (url: string, events: SocketEvents, protocols: readonly string[]): Socket => {
    this.tried += 1;
    const token = protocols[0] === "chat.v1" ? protocols[1] : undefined;
    const said = this.revoked.has(token ?? "") ? "" : token;
    const bearer = said === undefined ? guestOf(new URL(url)) : bearerOf(said);
    return new FakeSocket(this, this.#clock, this.#server, bearer, events);
  };

  reaches = (url: string): Promise<boolean> => {
    this.reached.push(url);
    return Promise.resolve(this.isReachable);
  };

  /** What a chat needs of it. */
  get ends(): Pick<Platform, "socket" | "reaches"> {
    return { socket: this.connect, reaches: this.reaches };
  }

  /** Reset every connection, or those of one person. */
  cut(name?: string): void {
    for (const socket of [...this.open]) {
      if (name === undefined || socket.member.name === name) socket.break();
    }
  }

  /** Let every connection go dead without a word: nothing arrives any more, and nothing is told. */
  freeze(): void {
    for (const socket of this.open) socket.isFrozen = true;
  }
}

class FakeSocket implements Socket, Connection {
  isFrozen = false;
  readonly member: Member;
  expiresAt: number;
  readonly #endsAt: number;
  #cancelLife: () => void = nothing;
  #state: "opening" | "open" | "closed" = "opening";
  readonly #network: Network;
  readonly #clock: FakeClock;
  readonly #server: Server;
  readonly #events: SocketEvents;

  constructor(
    network: Network,
    clock: FakeClock,
    server: Server,
    bearer: Bearer,
    events: SocketEvents,
  ) {
    this.member = bearer.member;
    this.#endsAt = clock.now() + LIFE;
    this.expiresAt = Math.min(this.#endsAt, bearer.expiresAt);
    this.#network = network;
    this.#clock = clock;
    this.#server = server;
    this.#events = events;
    this.#later(() => {
      this.#open();
    });
    this.#live();
  }

  renew(token: string): boolean {
    const { member, expiresAt } = bearerOf(token);
    if (member.userId !== this.member.userId || expiresAt <= this.#clock.now()) return false;
    this.expiresAt = Math.min(this.#endsAt, expiresAt);
    this.#live();
    return true;
  }

  send(text: string): void {
    if (this.#state === "opening") throw new Error("sent before it was open");
    const request = JSON.parse(text) as Request;
    this.#later(() => {
      if (this.#state === "open") this.#arrive(request);
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

  /** Hear something that no server of ours says. */
  inject(text: string): void {
    this.#events.received(text);
  }

  push(event: AnyEvent): void {
    const fate = this.#network.pushFate(event);
    if (fate === "lost") return;
    this.#deliver(event, fate === "late" ? this.#network.lateness() : 0);
    if (fate === "twice") this.#deliver(event);
  }

  #open(): void {
    if (this.#state === "closed") return;
    const isExpired = this.expiresAt <= this.#clock.now();
    if (!this.#network.isReachable || isExpired || this.#network.refuses === this.member.name) {
      this.break();
      return;
    }
    this.#state = "open";
    this.#network.open.add(this);
    this.#network.opened += 1;
    this.#events.opened();
  }

  #close(): void {
    this.#cancelLife();
    this.#state = "closed";
    this.#network.open.delete(this);
    this.#server.forget(this);
  }

  #live(): void {
    this.#cancelLife();
    this.#cancelLife = this.#clock.after(this.expiresAt - this.#clock.now(), () => {
      this.break();
    });
  }

  #arrive(request: Request): void {
    const fate = this.#network.fate(request);
    const { requestId } = request;
    const internal = {
      type: "error",
      code: "internal",
      message: "7",
      retryAfterMs: 100,
      requestId,
    };
    if (fate === "lost") this.break();
    else if (fate === "refused") this.#deliver(internal);
    else {
      const reply = this.#server.reply(this, request);
      if (fate === "replyLost") this.break();
      else if (fate === "spoilt") this.#deliver(internal);
      else if (fate === "killed") this.#deliver(GATEWAY);
      else if (fate === "fine") this.#deliver(reply, this.#network.replyDelay(request));
    }
  }

  #deliver(frame: object, delay = 0): void {
    const text = JSON.stringify(frame);
    this.#later(() => {
      if (this.#state === "open") this.#events.received(text);
    }, delay);
  }

  #later(happens: () => void, delay = 0): void {
    this.#clock.after(delay + this.#network.latency(), () => {
      if (!this.isFrozen) happens();
    });
  }
}

/** Who a guest is, as the URL says; their connection lives as long as any. */
function guestOf(url: URL): Bearer {
  const key = url.searchParams.get("key") ?? "";
  const name = url.searchParams.get("name") ?? "guest";
  return { member: { userId: `guest-${key}`, name }, expiresAt: Infinity };
}

function nothing(): void {
  // There is no life to cancel yet.
}
