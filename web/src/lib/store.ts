/** The store: values that the browser keeps for the next visit, shared by the tabs of a user. */

type Listener = () => void;

/** The part of the `Storage` interface that the store uses. */
export type KeyValueStorage = Pick<
  Storage,
  "getItem" | "setItem" | "removeItem" | "key" | "length"
>;

const PREFIX = "chat.";

/** JSON values by name. Notifies its listeners of changes in this tab and in other tabs. */
export class Store {
  readonly #storage: KeyValueStorage;
  readonly #listeners = new Set<Listener>();

  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  /** Returns the value, or undefined if it is missing or invalid. */
  read<Value>(name: string, isValue: (value: unknown) => value is Value): Value | undefined {
    try {
      const value: unknown = JSON.parse(this.#storage.getItem(PREFIX + name) ?? "null");
      return isValue(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  write(name: string, value: unknown): void {
    try {
      this.#storage.setItem(PREFIX + name, JSON.stringify(value));
    } catch {
      // The storage is full or forbidden. The page works without it.
    }
    this.notify();
  }

  remove(name: string): void {
    this.#storage.removeItem(PREFIX + name);
    this.notify();
  }

  /** Removes all values whose name has the prefix. */
  removeAll(prefix: string): void {
    for (const name of this.names(prefix)) this.#storage.removeItem(PREFIX + name);
    this.notify();
  }

  /** Returns all names with the prefix. */
  names(prefix: string): readonly string[] {
    return Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index))
      .filter((name) => name?.startsWith(PREFIX + prefix))
      .map((name) => name?.slice(PREFIX.length) ?? "");
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls all listeners. */
  notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Return the store of this browser. If the browser stores nothing, it is lost with the page. */
export function browserStore(view: Window): Store {
  const store = new Store(openStorage(() => view.localStorage));
  view.addEventListener("storage", () => {
    store.notify();
  });
  return store;
}

/** Return the storage that *find* returns, or a storage in memory if the browser forbids it. */
export function openStorage(find: () => KeyValueStorage): KeyValueStorage {
  try {
    return find();
  } catch {
    return new MemoryStorage();
  }
}

/** A storage in memory. */
export class MemoryStorage implements KeyValueStorage {
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
