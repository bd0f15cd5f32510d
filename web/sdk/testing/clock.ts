/** A clock that a test advances, repeatable random numbers, and a network state that a test sets. */

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

const MAX_TIMERS_AT_ONCE = 10_000;
/** Microtasks after which settled promises have reached the code that awaits them. */
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

  /** Advance the time, timer by timer, and let the promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    let atOnce = 0;
    await settled();
    for (let timer; (timer = this.#next(end));) {
      atOnce = timer.at > this.#now ? 0 : atOnce + 1;
      if (atOnce > MAX_TIMERS_AT_ONCE) throw new Error("timers restart without end");
      this.#now = Math.max(this.#now, timer.at);
      this.#timers.delete(timer);
      timer.callback();
      await settled();
    }
    this.#now = end;
    await settled();
  }

  /** Let the device sleep: the time advances, and no timer fires before it wakes. */
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

/** Return a function that returns numbers from 0 up to 1, by Mulberry32: small, and good enough. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The network of a device, as the device reports it. */
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
