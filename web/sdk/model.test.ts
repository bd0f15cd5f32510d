/** The guarantees hold for random actions of users and random faults of the network. */

import { describe, expect, test } from "vitest";
import type { Chat, Message, Room } from "./index.ts";
import { REQUEST_FAULTS, type PushFault } from "./testing/network.ts";
import { HOUR, MINUTE, SECOND, Simulation } from "./testing/simulation.ts";

const RUNS = 30;
const STEPS = 60;
const NAMES = ["alice", "alice-phone", "bob", "carol"];
const PUSH_FAULTS: PushFault[] = ["none", "lost", "twice", "late"];

/** One run of a room and its users, with random actions and faults from a seed. */
class Run {
  readonly sim: Simulation;
  readonly chats = new Map<string, Chat>();
  readonly sent = new Map<string, string[]>();
  readonly shown = new Map<Room, readonly Message[]>();
  /** Whether users delete messages. A reconnect makes up for a lost event: such runs end with one. */
  readonly #deletes: boolean;
  #faultRate = 0;

  constructor(seed: number) {
    this.#deletes = seed % 2 === 1;
    this.sim = new Simulation(seed);
    this.sim.server.pageSize = 3 + this.#upTo(5);
    const { network } = this.sim;
    network.latency = () => 1 + this.#upTo(80);
    network.pushDelay = () => this.#upTo(4_000);
    network.requestFault = () =>
      this.#chance(this.#faultRate) ? this.#one(REQUEST_FAULTS) : "none";
  }

  async begin(): Promise<void> {
    for (const name of NAMES) {
      const [chat, room] = await this.sim.join(name);
      this.chats.set(name, chat);
      chat.subscribe(() => {
        this.#checkChange(room);
      });
    }
  }

  async step(): Promise<void> {
    const { network, connectivity, clock } = this.sim;
    const name = this.#one(NAMES);
    const steps: (() => void)[] = [
      () => {
        this.#send(name);
      },
      () => {
        this.#send(name);
      },
      () => {
        this.#send(name);
      },
      () => {
        this.#faultRate = this.#one([0, 0.1, 0.4]);
      },
      () => {
        network.pushFault = () => this.#one(PUSH_FAULTS);
      },
      () => {
        network.pushFault = () => "none";
      },
      () => {
        network.disconnect(name);
      },
      () => {
        network.isReachable = !network.isReachable;
      },
      () => {
        network.freeze();
      },
      () => {
        connectivity.change(this.#chance(0.5));
      },
      () => {
        clock.sleep(this.#one([SECOND, MINUTE, HOUR]));
      },
      () => {
        this.sim.tea.lastSeq += this.#upTo(3);
      },
      () => {
        this.sim.tea.subscribers.clear();
      },
      () => {
        this.#restart(name);
      },
      () => {
        if (this.#deletes) this.#deleteMessage(name);
      },
      () => {
        this.#loadOlder(name);
      },
    ];
    this.#one(steps)();
    await this.sim.advance(this.#one([0, 20, 200, 2 * SECOND, MINUTE, 30 * MINUTE]));
  }

  /** End all faults, and wait until every client is up to date. */
  async end(): Promise<void> {
    const { network, connectivity } = this.sim;
    network.isReachable = true;
    network.requestFault = () => "none";
    network.pushFault = () => "none";
    for (const chat of this.chats.values()) chat.start();
    connectivity.change(true);
    if (this.#deletes) await this.sim.advance(MINUTE);
    if (this.#deletes) network.disconnect();
    await this.sim.advance(5 * MINUTE);
  }

  check(): void {
    this.#checkTexts();
    const { log } = this.sim.tea;
    const ids = log.map(({ clientMessageId }) => clientMessageId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, chat] of this.chats) {
      const room = chat.rooms.get("tea");
      expect([name, chat.connection.state, room?.status]).toEqual([name, "open", "joined"]);
      expect(room?.outgoing).toEqual([]);
      expect(room?.hasDiscontinuity).toBe(false);
      const from = room?.messages[0]?.seq ?? 0;
      expect(seen(room?.messages)).toEqual(seen(log.filter(({ seq }) => seq >= from)));
      expect(room?.hasOlder).toBe(room?.messages.length !== log.length);
      expect(room?.members.map((member) => member.userId).sort()).toEqual(
        [...new Set([...this.chats.values()].map(({ me }) => me?.userId))].sort(),
      );
    }
  }

  /** Every sent message is in the log, in order; deleted ones are empty. */
  #checkTexts(): void {
    const { log } = this.sim.tea;
    for (const [name, sent] of this.sent) {
      const logged = log.filter(({ sender }) => sender.name === name).map(({ text }) => text);
      expect(logged).toHaveLength(sent.length);
      for (const [n, text] of logged.entries()) expect(["", sent[n]]).toContain(text);
    }
  }

  /** Check that shown messages stay, and that no message appears between them. */
  #checkChange(room: Room): void {
    const shown = room.messages;
    const before = this.shown.get(room) ?? [];
    const from = shown.findIndex(({ seq }) => seq === before[0]?.seq);
    const still = shown.slice(from, from + before.length);
    if (before.length > 0)
      expect(still.map(({ seq }) => seq)).toEqual(before.map(({ seq }) => seq));
    // A text may disappear, but it does not come back.
    for (const [n, { text }] of still.entries()) expect(["", before[n]?.text]).toContain(text);
    this.shown.set(room, shown);
    const own = new Set(room.messages.map(({ clientMessageId }) => clientMessageId));
    for (const { clientMessageId } of room.outgoing) expect(own).not.toContain(clientMessageId);
  }

  #send(name: string): void {
    const sent = this.sent.get(name) ?? [];
    const text = `${name}:${sent.length}`;
    this.sent.set(name, [...sent, text]);
    this.chats.get(name)?.rooms.get("tea")?.send(text);
  }

  #restart(name: string): void {
    const chat = this.chats.get(name);
    if (chat?.connection.state === "stopped") chat.start();
    else chat?.stop();
  }

  #deleteMessage(name: string): void {
    const room = this.chats.get(name)?.rooms.get("tea");
    const own = room?.messages.filter(({ sender, text }) => sender.name === name && text !== "");
    if (!room || !own || own.length === 0) return;
    room.deleteMessage(this.#one(own).seq).catch(() => undefined);
  }

  #loadOlder(name: string): void {
    const loaded = this.chats.get(name)?.rooms.get("tea")?.loadOlder();
    loaded?.catch(() => undefined);
  }

  #upTo(most: number): number {
    return Math.floor(this.sim.random() * (most + 1));
  }

  #chance(probability: number): boolean {
    return this.sim.random() < probability;
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#upTo(choices.length - 1)]!;
  }
}

/** Return what to compare of messages. The tombstones of an absence have no time of deletion. */
function seen(messages: readonly Message[] = []): readonly string[] {
  return messages.map(({ seq, sender, text }) => `${seq} ${sender.name} ${text}`);
}

describe("no message is lost, duplicated or reordered", () => {
  const seeds = Array.from({ length: RUNS / 10 }, (_, n) => n * 10);
  test.each(seeds)(
    "in the ten runs from seed %i",
    async (first) => {
      for (let seed = first; seed < first + 10; seed++) {
        const run = new Run(seed);
        await run.begin();
        for (let step = 0; step < STEPS; step++) await run.step();
        await run.end();
        run.check();
      }
    },
    60_000,
  );
});
