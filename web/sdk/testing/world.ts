/** A server, a network, and people with the SDK, all in one test. */

import { createChat } from "../live-chat.ts";
import type { Chat, Room, TokenSource } from "../index.ts";
import { FakeClock, FakeConnectivity, dice } from "./clock.ts";
import { Network } from "./network.ts";
import type { ServerRoom } from "./room.ts";
import { Server } from "./server.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export class World {
  readonly clock = new FakeClock();
  readonly server = new Server(this.clock.now);
  readonly network = new Network(this.clock, this.server);
  readonly connectivity = new FakeConnectivity();
  readonly random: () => number;

  constructor(seed = 1) {
    this.random = dice(seed);
  }

  /** A chat that is not started yet; the same name is the same user. */
  enter(name: string): Chat {
    const { clock, random, connectivity } = this;
    const platform = { clock, random, connectivity, ...this.network.ends };
    const key = `key-of-${name.split("-")[0] ?? ""}`.padEnd(16, "-");
    return createChat({ url: "ws://chat.test/live", name, key, platform });
  }

  /** A chat of somebody who signs in. */
  carry(token: TokenSource): Chat {
    const { clock, random, connectivity } = this;
    const platform = { clock, random, connectivity, ...this.network.ends };
    return createChat({ url: "ws://chat.test/live", token, platform });
  }

  /** A chat that is open. */
  async arrive(name: string): Promise<Chat> {
    const chat = this.enter(name);
    chat.start();
    await this.pass(SECOND);
    return chat;
  }

  /** A person in a room, which is made if there is none. */
  async meet(name: string, roomId = "tea"): Promise<[Chat, Room]> {
    const chat = await this.arrive(name);
    if (!this.server.rooms.has(roomId)) this.server.make(roomId, "Tea time", "nobody");
    return [chat, await this.soon(chat.joinRoom(roomId))];
  }

  /** What a promise brings within a second. */
  async soon<T>(promise: Promise<T>, ms = SECOND): Promise<T> {
    const settled = promise.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    await this.pass(ms);
    const outcome = await Promise.race([settled, Promise.resolve({ error: new Error("late") })]);
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  get tea(): ServerRoom {
    return this.server.room("tea");
  }

  /** How many requests of a kind the server has heard. */
  asked(action: string): number {
    return this.server.asked.filter((request) => request.action === action).length;
  }
}

export function texts(room: Room): string[] {
  return room.messages.map(({ text }) => text);
}

export function seqs(room: Room): number[] {
  return room.messages.map(({ seq }) => seq);
}
