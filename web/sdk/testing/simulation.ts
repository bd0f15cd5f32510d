/** A server, a network and users with the SDK, all in one test and in simulated time. */

import type { Chat, Room, TokenSource } from "../index.ts";
import { createChat } from "../live-chat.ts";
import type { Platform } from "../platform.ts";
import { FakeClock, FakeConnectivity, seededRandom } from "./clock.ts";
import { FakeNetwork } from "./network.ts";
import type { ServerRoom } from "./room.ts";
import { FakeServer } from "./server.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export class Simulation {
  readonly clock = new FakeClock();
  readonly server = new FakeServer(this.clock.now);
  readonly network = new FakeNetwork(this.clock, this.server);
  readonly connectivity = new FakeConnectivity();
  readonly random: () => number;

  constructor(seed = 1) {
    this.random = seededRandom(seed);
  }

  /** Return a chat that is not started yet. The same name, up to a hyphen, is the same user. */
  newChat(name: string): Chat {
    const key = `key-of-${name.split("-")[0] ?? ""}`.padEnd(16, "-");
    return createChat({ url: "ws://chat.test/live", name, key, platform: this.platform });
  }

  /** Return a chat of a user who signs in, not started yet. */
  newChatWithTokens(token: TokenSource): Chat {
    return createChat({ url: "ws://chat.test/live", token, platform: this.platform });
  }

  get platform(): Platform {
    const { clock, random, connectivity } = this;
    return { clock, random, connectivity, ...this.network.platform };
  }

  /** Return a chat that is connected. */
  async connect(name: string): Promise<Chat> {
    const chat = this.newChat(name);
    chat.start();
    await this.advance(SECOND);
    return chat;
  }

  /** Return a connected chat, and the room that it has joined. Creates the room if needed. */
  async join(name: string, roomId = "tea"): Promise<[Chat, Room]> {
    const chat = await this.connect(name);
    if (!this.server.rooms.has(roomId)) this.server.createRoom(roomId, "Tea time", "nobody");
    return [chat, await this.settle(chat.joinRoom(roomId))];
  }

  /** Advance the time, by a second if no other is given, and return the promise's result. */
  async settle<T>(promise: Promise<T>, ms = SECOND): Promise<T> {
    const settled = promise.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    await this.advance(ms);
    const outcome = await Promise.race([settled, Promise.resolve({ error: new Error("late") })]);
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  get tea(): ServerRoom {
    return this.server.room("tea");
  }

  /** Return how many requests of an action the server has received. */
  countRequests(action: string): number {
    return this.server.requests.filter((request) => request.action === action).length;
  }
}

export function texts(room: Room): string[] {
  return room.messages.map(({ text }) => text);
}

export function seqs(room: Room): number[] {
  return room.messages.map(({ seq }) => seq);
}
