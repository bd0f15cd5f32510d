/** The chat with real sockets, in real time: the shell around the client. */

import type {
  Chat,
  ChatOptions,
  ConnectionStatus,
  Invitation,
  ListOptions,
  NewRoom,
  Page,
  Room,
  SavedRoom,
} from "./api.ts";
import { Client } from "./core/client.ts";
import { connectionStatus } from "./core/connection-status.ts";
import type { Connection } from "./core/connection.ts";
import { ClientState } from "./core/state.ts";
import { ChatError } from "./errors.ts";
import { browserPlatform, type Platform, type Socket } from "./platform.ts";
import type { Limits, ListedRoom, Member } from "./protocol/types.ts";
import type { LiveRoom } from "./room/room.ts";
import { Connector } from "./transport/connector.ts";
import { guestError, guestUrl } from "./transport/guest-url.ts";

/**
 * Milliseconds that a timer is late after the device slept.
 *
 * Browsers delay the timers of a hidden page by up to a minute.
 */
const SLEEP_DELAY = 90_000;

/** Failures in a row after which the chat finds out whether a guest's handshake was rejected. */
const EXPLAIN_AFTER = 3;

/** Milliseconds of the longest timer: browsers' timers end at 2^31. */
const LONGEST_TIMER = 3_600_000;

/** Return the chat of one user. It connects when `start` is called. */
export function createChat(options: ChatOptions): Chat {
  return new LiveChat(options);
}

class LiveChat implements Chat {
  readonly #platform: Platform;
  readonly #state: ClientState;
  readonly #client: Client;
  readonly #url: string;
  readonly #guestError: ChatError | undefined;
  readonly #isGuest: boolean;
  readonly #connector: Connector;
  readonly #sockets = new Map<Connection, Socket>();
  readonly #listeners = new Set<() => void>();
  #cancelTimer: () => void = nothing;
  #unwatchNetwork: () => void = nothing;
  #isNotifying = false;
  /** When the timer is due. */
  #timerAt = Infinity;

  constructor({ url, name, key, token, platform }: ChatOptions) {
    this.#platform = { ...browserPlatform(), ...platform };
    const { clock, random } = this.#platform;
    const connector = new Connector(token, this.#platform);
    this.#isGuest = !token;
    this.#connector = connector;
    this.#state = new ClientState({
      now: () => clock.now(),
      random,
      changed: () => {
        this.#update();
      },
    });
    this.#client = new Client(this.#state, token && (() => connector.token(true)));
    this.#guestError = token ? undefined : guestError(name, key);
    this.#url = token ? url : guestUrl(url, name, key ?? this.#state.newId(32));
  }

  get me(): Member | undefined {
    return this.#state.me;
  }

  get limits(): Limits | undefined {
    return this.#state.limits;
  }

  get rooms(): ReadonlyMap<string, Room> {
    return this.#state.rooms;
  }

  get connection(): ConnectionStatus {
    if (this.#guestError) return { state: "invalid", error: this.#guestError };
    const isOnline = this.#platform.connectivity.isOnline();
    return connectionStatus(this.#state, { isGuest: this.#isGuest, isOnline });
  }

  start(): void {
    if (this.#guestError || this.#state.isRunning) return;
    this.#state.isRunning = true;
    this.#unwatchNetwork = this.#platform.connectivity.onChange(() => {
      this.#checkSoon();
    });
    this.reconnectNow();
  }

  stop(): void {
    this.#unwatchNetwork();
    this.#client.stop();
    this.#update();
  }

  async signOut(): Promise<void> {
    await this.#state.call({ action: "signOut" });
    this.stop();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reconnectNow(): void {
    this.#connector.allowNewToken();
    this.#state.reconnect.isRejected = false;
    this.#checkSoon();
  }

  get invitations(): readonly Invitation[] {
    return this.#state.invitations.all;
  }

  dismissInvitation(roomId: string): void {
    this.#state.invitations.remove(roomId);
    this.#update();
  }

  async listRooms(options: ListOptions = {}): Promise<Page<ListedRoom>> {
    const { rooms, cursor } = await this.#state.call({ action: "listRooms", ...options });
    return { entries: rooms, cursor };
  }

  async createRoom({ roomId, name, visibility }: NewRoom): Promise<Room> {
    if (visibility === "private") return this.#createPrivate(roomId, name);
    const id = roomId ?? this.#state.newId(10);
    const known = this.#state.rooms.get(id);
    if (known && !known.error) throw new ChatError("room_exists", "you are in a room of this id");
    const room = this.#state.want(id);
    room.phase = { kind: "creating", name, attempts: 0 };
    return this.#join(room);
  }

  async #createPrivate(roomId: string | undefined, name: string | undefined): Promise<Room> {
    if (roomId) {
      throw new ChatError("bad_request", "roomId: the server makes up a private room's id");
    }
    const named = name !== undefined && { name };
    const frame = { action: "createRoom", visibility: "private", ...named } as const;
    const created = this.#state.calls.start(frame, this.#state.now(), { mayRepeat: false });
    this.#update();
    const { room } = await created;
    return this.#state.want(room.roomId);
  }

  async joinRoom(roomId: string, { invite }: { invite?: string } = {}): Promise<Room> {
    const room = this.#state.want(roomId);
    room.inviteSecret = invite ?? room.inviteSecret;
    return this.#state.hasJoined(room) ? room : this.#join(room);
  }

  async leaveRoom(roomId: string, { forGood }: { forGood?: boolean } = {}): Promise<void> {
    const room = this.#state.rooms.get(roomId);
    if (!room) return;
    const left = room.whenLeft.add(this.#state.now());
    this.#state.leave(room, forGood);
    this.#update();
    await left;
  }

  resume(rooms: readonly SavedRoom[]): void {
    for (const { roomId, outgoing = [], invite } of rooms) {
      const room = this.#state.want(roomId);
      room.inviteSecret = invite ?? room.inviteSecret;
      room.isFromEarlierVisit = true;
      room.outbox.restore(outgoing);
    }
    this.#update();
  }

  async #join(room: LiveRoom): Promise<Room> {
    const joined = room.whenJoined.add(this.#state.now());
    this.#update();
    await joined;
    return room;
  }

  #checkSoon(): void {
    this.#client.checkSoon(this.#state.now());
    this.#update();
  }

  /** Bring the sockets, the timer and the listeners in line with the client's state. */
  #update(): void {
    const now = this.#state.now();
    if (now > this.#timerAt + SLEEP_DELAY) this.#client.checkSoon(now);
    this.#client.wake(now);
    this.#updateSockets();
    for (const [connection, socket] of this.#sockets) {
      const frame = this.#client.nextFrame(connection, now);
      if (frame) socket.send(JSON.stringify(frame));
    }
    this.#setTimer(now);
    this.#notify();
  }

  #updateSockets(): void {
    const { connections } = this.#state;
    for (const [connection, socket] of this.#sockets) {
      if (connections.includes(connection)) continue;
      this.#sockets.delete(connection);
      socket.close();
    }
    for (const connection of connections) {
      if (!this.#sockets.has(connection)) this.#open(connection);
    }
  }

  #open(connection: Connection): void {
    const on = (apply: (now: number) => void): void => {
      if (!this.#sockets.has(connection)) return;
      apply(this.#state.now());
      this.#update();
    };
    const events = {
      signedOut: () => {
        this.#state.isSignedOut = true;
      },
      rejected: () => {
        connection.isRejected = true;
      },
      opened: () => {
        on((now) => {
          connection.onOpen(now);
        });
      },
      received: (text: string) => {
        on((now) => {
          this.#client.received(connection, text, now);
        });
      },
      closed: () => {
        on((now) => {
          this.#sockets.delete(connection);
          this.#state.disconnected(connection, now);
        });
      },
    };
    const mustExplain = this.#state.reconnect.failures >= EXPLAIN_AFTER;
    this.#sockets.set(connection, this.#connector.open(this.#url, events, mustExplain));
  }

  #setTimer(now: number): void {
    this.#cancelTimer();
    const wakeAt = this.#client.nextWakeAt(now);
    this.#timerAt = Math.min(wakeAt, now + LONGEST_TIMER);
    if (wakeAt === Infinity) return;
    this.#cancelTimer = this.#platform.clock.after(this.#timerAt - now, () => {
      this.#update();
    });
  }

  /** Call the listeners once for all changes of this task. */
  #notify(): void {
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    queueMicrotask(() => {
      this.#isNotifying = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

function nothing(): void {
  // There is nothing to cancel yet.
}
