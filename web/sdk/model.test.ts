/** Whatever people do in whatever order, and whatever becomes of their frames, the promises hold. */

import { describe, expect, test } from "vitest";
import type { Chat, Message, Room } from "./index.ts";
import type { Fate, PushFate } from "./testing/network.ts";
import { HOUR, MINUTE, SECOND, World } from "./testing/world.ts";

const RUNS = 30;
const STEPS = 60;
const NAMES = ["alice", "alice-phone", "bob", "carol"];
const FATES: Fate[] = ["lost", "replyLost", "refused", "spoilt", "killed", "swallowed"];
const PUSHES: PushFate[] = ["fine", "lost", "twice", "late"];

/** One life of a room and of the people in it, by the dice of a seed. */
class Life {
  readonly world: World;
  readonly chats = new Map<string, Chat>();
  readonly said = new Map<string, string[]>();
  readonly views = new Map<Room, readonly Message[]>();
  /** A lost word of a deletion is made up for when one comes back: these lives end with a cut. */
  readonly #deletes: boolean;
  #shaky = 0;

  constructor(seed: number) {
    this.#deletes = seed % 2 === 1;
    this.world = new World(seed);
    this.world.server.page = 3 + this.#upTo(5);
    const { network } = this.world;
    network.latency = () => 1 + this.#upTo(80);
    network.lateness = () => this.#upTo(4_000);
    network.fate = () => (this.#chance(this.#shaky) ? this.#one(FATES) : "fine");
  }

  async begin(): Promise<void> {
    for (const name of NAMES) {
      const [chat, room] = await this.world.meet(name);
      this.chats.set(name, chat);
      chat.subscribe(() => {
        this.#watch(room);
      });
    }
  }

  async step(): Promise<void> {
    const { network, connectivity, clock } = this.world;
    const name = this.#one(NAMES);
    const steps: (() => void)[] = [
      () => {
        this.#say(name);
      },
      () => {
        this.#say(name);
      },
      () => {
        this.#say(name);
      },
      () => {
        this.#shaky = this.#one([0, 0.1, 0.4]);
      },
      () => {
        network.pushFate = () => this.#one(PUSHES);
      },
      () => {
        network.pushFate = () => "fine";
      },
      () => {
        network.cut(name);
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
        this.world.tea.lastSeq += this.#upTo(3);
      },
      () => {
        this.world.tea.audience.clear();
      },
      () => {
        this.#restart(name);
      },
      () => {
        if (this.#deletes) this.#takeBack(name);
      },
      () => {
        this.#readOlder(name);
      },
    ];
    this.#one(steps)();
    await this.world.pass(this.#one([0, 20, 200, 2 * SECOND, MINUTE, 30 * MINUTE]));
  }

  /** The trouble is over: everybody catches up. */
  async end(): Promise<void> {
    const { network, connectivity } = this.world;
    network.isReachable = true;
    network.fate = () => "fine";
    network.pushFate = () => "fine";
    for (const chat of this.chats.values()) chat.start();
    connectivity.change(true);
    if (this.#deletes) await this.world.pass(MINUTE);
    if (this.#deletes) network.cut();
    await this.world.pass(5 * MINUTE);
  }

  judge(): void {
    this.#judgeTexts();
    const { log } = this.world.tea;
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

  /** All that was said is there, in order, but for what was taken back. */
  #judgeTexts(): void {
    const { log } = this.world.tea;
    for (const [name, said] of this.said) {
      const logged = log.filter(({ sender }) => sender.name === name).map(({ text }) => text);
      expect(logged).toHaveLength(said.length);
      for (const [n, text] of logged.entries()) expect(["", said[n]]).toContain(text);
    }
  }

  /** What was shown once stays, and nothing is put between. */
  #watch(room: Room): void {
    const shown = room.messages;
    const before = this.views.get(room) ?? [];
    const from = shown.findIndex(({ seq }) => seq === before[0]?.seq);
    const still = shown.slice(from, from + before.length);
    if (before.length > 0)
      expect(still.map(({ seq }) => seq)).toEqual(before.map(({ seq }) => seq));
    // A text only goes, and does not come back.
    for (const [n, { text }] of still.entries()) expect(["", before[n]?.text]).toContain(text);
    this.views.set(room, shown);
    const own = new Set(room.messages.map(({ clientMessageId }) => clientMessageId));
    for (const { clientMessageId } of room.outgoing) expect(own).not.toContain(clientMessageId);
  }

  #say(name: string): void {
    const said = this.said.get(name) ?? [];
    const text = `${name}:${said.length}`;
    this.said.set(name, [...said, text]);
    this.chats.get(name)?.rooms.get("tea")?.send(text);
  }

  #restart(name: string): void {
    const chat = this.chats.get(name);
    if (chat?.connection.state === "stopped") chat.start();
    else chat?.stop();
  }

  #takeBack(name: string): void {
    const room = this.chats.get(name)?.rooms.get("tea");
    const own = room?.messages.filter(({ sender, text }) => sender.name === name && text !== "");
    if (!room || !own || own.length === 0) return;
    room.deleteMessage(this.#one(own).seq).catch(() => undefined);
  }

  #readOlder(name: string): void {
    const loaded = this.chats.get(name)?.rooms.get("tea")?.loadOlder();
    loaded?.catch(() => undefined);
  }

  #upTo(most: number): number {
    return Math.floor(this.world.random() * (most + 1));
  }

  #chance(probability: number): boolean {
    return this.world.random() < probability;
  }

  #one<T>(choices: readonly T[]): T {
    return choices[this.#upTo(choices.length - 1)]!;
  }
}

/** What was deleted in one's absence has no more than its place. */
function seen(messages: readonly Message[] = []): readonly string[] {
  return messages.map(({ seq, sender, text }) => `${seq} ${sender.name} ${text}`);
}

describe("nothing is lost, doubled or reordered", () => {
  const seeds = Array.from({ length: RUNS / 10 }, (_, n) => n * 10);
  test.each(seeds)(
    "in the ten lives from %i on",
    async (first) => {
      for (let seed = first; seed < first + 10; seed++) {
        const life = new Life(seed);
        await life.begin();
        for (let step = 0; step < STEPS; step++) await life.step();
        await life.end();
        life.judge();
      }
    },
    60_000,
  );
});
