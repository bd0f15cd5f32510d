/** The chat over real sockets, in real time. */

import type {
  Chat,
  ChatOptions,
  ConnectionStatus,
  Invitation,
  ListOptions,
  NewRoom,
  Page,
  SavedRoom,
  Room,
} from "./api.ts";
import { ChatError } from "./errors.ts";
import { Client } from "./core/client.ts";
import { browserPlatform, type Platform, type Socket } from "./platform.ts";
import { Handshakes } from "./transport/connector.ts";
import { address, refusal } from "./transport/guest-url.ts";
import type { Line } from "./core/connection.ts";
import type { Limits, ListedRoom, Member } from "./protocol/types.ts";

/** Milliseconds by which a timer is late when the machine has slept: a hidden page's may be a minute. */
const SLEPT_FOR = 90_000;

/** Failures in a row after which a guest, too, finds out whether it is the chat that says no. */
const ASKS_AFTER = 3;

/** Milliseconds of the longest timer: those of browsers end at 2^31. */
const LONGEST_TIMER = 3_600_000;

/** One person's chat; connects when it is started. */
export function createChat(options: ChatOptions): Chat {
  return new LiveChat(options);
}

class LiveChat implements Chat {
  readonly #platform: Platform;
  readonly #client: Client;
  readonly #url: string;
  readonly #refusal: ChatError | undefined;
  readonly #isGuest: boolean;
  readonly #handshakes: Handshakes;
  readonly #sockets = new Map<Line, Socket>();
  readonly #listeners = new Set<() => void>();
  #cancelTimer: () => void = nothing;
  #endConnectivity: () => void = nothing;
  #isTelling = false;
  /** When the timer is to fire. */
  #due = Infinity;

  constructor({ url, name, key, token, platform }: ChatOptions) {
    this.#platform = { ...browserPlatform(), ...platform };
    const { clock, random } = this.#platform;
    const handshakes = new Handshakes(token, this.#platform);
    this.#isGuest = !token;
    this.#handshakes = handshakes;
    this.#client = new Client({
      now: () => clock.now(),
      random,
      changed: () => {
        this.#pump();
      },
      ...(token && { token: () => handshakes.token(true) }),
    });
    this.#refusal = token ? undefined : refusal(name, key);
    this.#url = token ? url : address(url, name, key ?? this.#client.newId(32));
  }

  get me(): Member | undefined {
    return this.#client.me;
  }

  get limits(): Limits | undefined {
    return this.#client.limits;
  }

  get rooms(): ReadonlyMap<string, Room> {
    return this.#client.places;
  }

  get connection(): ConnectionStatus {
    const { isRunning, current, retries, lostBy, isSignedOut } = this.#client;
    const retryAt = retries.at;
    if (this.#refusal) return { state: "invalid", error: this.#refusal };
    if (!isRunning) return { state: "stopped" };
    if (current?.isWelcomed) return { state: "open" };
    if (retries.isRefused && !this.#isGuest) {
      // Also while it is tried again: most tries come to nothing, and are no news.
      return { state: "signedOut", reason: "rejected", retryAt };
    }
    if (current) return { state: "connecting" };
    if (isSignedOut) return { state: "signedOut", reason: "noToken" };
    if (!this.#platform.connectivity.isOnline()) return { state: "offline", retryAt };
    return { state: "waiting", retryAt, reason: lostBy };
  }

  start(): void {
    if (this.#refusal || this.#client.isRunning) return;
    this.#client.isRunning = true;
    this.#endConnectivity = this.#platform.connectivity.onChange(() => {
      this.#look();
    });
    this.reconnectNow();
  }

  stop(): void {
    this.#endConnectivity();
    this.#client.stop();
    this.#pump();
  }

  async signOut(): Promise<void> {
    await this.#client.ask({ action: "signOut" });
    this.stop();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reconnectNow(): void {
    this.#handshakes.tryAgain();
    this.#client.retries.isRefused = false;
    this.#look();
  }

  /** Find out whether all is well. */
  #look(): void {
    this.#client.suspect(this.#client.now());
    this.#pump();
  }

  get invitations(): readonly Invitation[] {
    return this.#client.invitations.all;
  }

  dismissInvitation(roomId: string): void {
    this.#client.invitations.drop(roomId);
    this.#pump();
  }

  async listRooms(options: ListOptions = {}): Promise<Page<ListedRoom>> {
    const { rooms, cursor } = await this.#client.ask({ action: "listRooms", ...options });
    return { entries: rooms, cursor };
  }

  async createRoom({ roomId, name, visibility }: NewRoom): Promise<Room> {
    if (visibility === "private") return this.#createPrivate(roomId, name);
    const id = roomId ?? this.#client.newId(10);
    const known = this.#client.places.get(id);
    if (known && !known.error) throw new ChatError("room_exists", "you are in a room of this id");
    const place = this.#client.want(id);
    place.creating = { name, attempts: 0 };
    return this.#enter(place);
  }

  async #createPrivate(roomId: string | undefined, name: string | undefined): Promise<Room> {
    if (roomId) throw new ChatError("bad_request", "roomId: a private room's is the server's");
    const named = name === undefined ? {} : { name };
    const frame = { action: "createRoom", visibility: "private", ...named } as const;
    const created = this.#client.errands.run(frame, this.#client.now(), { isOnce: true });
    this.#pump();
    const { room } = await created;
    return this.#client.want(room.roomId);
  }

  async joinRoom(roomId: string, { invite }: { invite?: string } = {}): Promise<Room> {
    const place = this.#client.want(roomId);
    place.secret = invite ?? place.secret;
    return this.#client.isInside(place) ? place : this.#enter(place);
  }

  async leaveRoom(roomId: string, options: { forGood?: boolean } = {}): Promise<void> {
    const place = this.#client.places.get(roomId);
    if (!place) return;
    const left = place.leaving.add(this.#client.now());
    this.#client.leave(place, options);
    this.#pump();
    await left;
  }

  resume(rooms: readonly SavedRoom[]): void {
    for (const { roomId, outgoing = [], invite } of rooms) {
      const place = this.#client.want(roomId);
      place.secret = invite ?? place.secret;
      place.isRemembered = true;
      place.outbox.restore(outgoing);
    }
    this.#pump();
  }

  async #enter(place: ReturnType<Client["want"]>): Promise<Room> {
    const entered = place.entering.add(this.#client.now());
    this.#pump();
    await entered;
    return place;
  }

  /** Bring sockets, timer and listeners in line with what the client wants now. */
  #pump(): void {
    const now = this.#client.now();
    if (now > this.#due + SLEPT_FOR) this.#client.suspect(now);
    this.#client.wake(now);
    this.#matchSockets();
    for (const [line, socket] of this.#sockets) {
      const frame = this.#client.nextFrame(line, now);
      if (frame) socket.send(JSON.stringify(frame));
    }
    this.#setTimer(now);
    this.#tell();
  }

  #matchSockets(): void {
    const { lines } = this.#client;
    for (const [line, socket] of this.#sockets) {
      if (lines.includes(line)) continue;
      this.#sockets.delete(line);
      socket.close();
    }
    for (const line of lines) if (!this.#sockets.has(line)) this.#open(line);
  }

  #open(line: Line): void {
    const on = (happened: (now: number) => void): void => {
      if (!this.#sockets.has(line)) return;
      happened(this.#client.now());
      this.#pump();
    };
    const told = {
      signedOut: () => {
        this.#client.isSignedOut = true;
      },
      refused: () => {
        line.isRefused = true;
      },
      opened: () => {
        on((now) => {
          line.opened(now);
        });
      },
      received: (text: string) => {
        on((now) => {
          this.#client.received(line, text, now);
        });
      },
      closed: () => {
        on((now) => {
          this.#sockets.delete(line);
          this.#client.lost(line, now);
        });
      },
    };
    const asks = this.#client.retries.failures >= ASKS_AFTER;
    this.#sockets.set(line, this.#handshakes.open(this.#url, told, asks));
  }

  #setTimer(now: number): void {
    this.#cancelTimer();
    const wakes = this.#client.wakes(now);
    this.#due = Math.min(wakes, now + LONGEST_TIMER);
    if (wakes === Infinity) return;
    this.#cancelTimer = this.#platform.clock.after(this.#due - now, () => {
      this.#pump();
    });
  }

  /** Call the listeners back once for all that this task changes. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

function nothing(): void {
  // There is nothing to end.
}
