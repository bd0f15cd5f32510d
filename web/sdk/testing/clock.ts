/** Time that passes when a test says so, and dice that fall the same way each time. */

import type { Platform } from "../platform.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

const MOST_AT_ONCE = 10_000;
/** Microtasks in which what was promised has come to whoever awaits it. */
const TICKS = 10;

export class FakeClock {
  #now = Date.UTC(2026, 10, 23, 9, 30);
  readonly #timers = new Set<Timer>();

  now = (): number => this.#now;

  after = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.#now + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Let time pass, timer after timer, with the promises that each settles. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    let atOnce = 0;
    await settled();
    for (let timer; (timer = this.#next(end));) {
      atOnce = timer.at > this.#now ? 0 : atOnce + 1;
      if (atOnce > MOST_AT_ONCE) throw new Error("time stands still");
      this.#now = Math.max(this.#now, timer.at);
      this.#timers.delete(timer);
      timer.callback();
      await settled();
    }
    this.#now = end;
    await settled();
  }

  /** Let the machine sleep: time passes, and no timer fires before its end. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  get isIdle(): boolean {
    return this.#timers.size === 0;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (!first || timer.at < first.at) first = timer;
    return first && first.at <= end ? first : undefined;
  }
}

async function settled(): Promise<void> {
  for (let tick = 0; tick < TICKS; tick++) await Promise.resolve();
}

/** Numbers from 0 up to 1, by Mulberry32: small, and good enough for dice. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a machine tells of its network. */
export class FakeConnectivity {
  online = true;
  readonly #callbacks = new Set<() => void>();

  isOnline = (): boolean => this.online;

  onChange = (callback: () => void): (() => void) => {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  };

  change(online = this.online): void {
    this.online = online;
    for (const callback of this.#callbacks) callback();
  }
}

export type FakePlatform = Pick<Platform, "clock" | "random" | "connectivity">;
