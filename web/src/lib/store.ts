/** What the browser keeps for the next visit, shared by the tabs of one person. */

type Listener = () => void;

/** As much of `localStorage` as is used here. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "chat.";

/** JSON values by name; tells when one changes, here or in another tab. */
export class Store {
  readonly #shelf: Shelf;
  readonly #listeners = new Set<Listener>();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** The value, or undefined when there is none or it is not what it should be. */
  read<Value>(name: string, isValue: (value: unknown) => value is Value): Value | undefined {
    try {
      const value: unknown = JSON.parse(this.#shelf.getItem(PREFIX + name) ?? "null");
      return isValue(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  write(name: string, value: unknown): void {
    try {
      this.#shelf.setItem(PREFIX + name, JSON.stringify(value));
    } catch {
      // Full, or forbidden in this window: the page works on, and forgets.
    }
    this.tell();
  }

  remove(name: string): void {
    this.#shelf.removeItem(PREFIX + name);
    this.tell();
  }

  /** Forget everything whose name begins so. */
  removeAll(beginning: string): void {
    for (const name of this.names(beginning)) this.#shelf.removeItem(PREFIX + name);
    this.tell();
  }

  /** Every name that begins so. */
  names(beginning: string): readonly string[] {
    return Array.from({ length: this.#shelf.length }, (_, index) => this.#shelf.key(index))
      .filter((name) => name?.startsWith(PREFIX + beginning))
      .map((name) => name?.slice(PREFIX.length) ?? "");
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something has changed: here, or, as the `storage` event says, in another tab. */
  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The store of this browser; of this tab alone where the browser keeps nothing. */
export function browserStore(view: Window): Store {
  const store = new Store(shelfOf(() => view.localStorage));
  view.addEventListener("storage", () => {
    store.tell();
  });
  return store;
}

/** What *find* gives, or a shelf of this page's own where the browser forbids it. */
export function shelfOf(find: () => Shelf): Shelf {
  try {
    return find();
  } catch {
    return new MemoryShelf();
  }
}

/** A shelf that is gone with the page. */
export class MemoryShelf implements Shelf {
  readonly #values = new Map<string, string>();

  get length(): number {
    return this.#values.size;
  }

  key(index: number): string | null {
    return [...this.#values.keys()][index] ?? null;
  }

  getItem(name: string): string | null {
    return this.#values.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    this.#values.set(name, value);
  }

  removeItem(name: string): void {
    this.#values.delete(name);
  }
}

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
