import { expect, test, vi } from "vitest";

import { isNumber, isString, MemoryShelf, Store } from "./store.ts";

test("gives back what was written, and nothing else", () => {
  const store = new Store(new MemoryShelf());

  store.write("name", "Alice");

  expect(store.read("name", isString)).toBe("Alice");
  expect(store.read("name", isNumber)).toBeUndefined();
  expect(store.read("other", isString)).toBeUndefined();
});

test("takes what is no JSON for nothing", () => {
  const storage = new MemoryShelf();
  storage.setItem("chat.name", "{");

  expect(new Store(storage).read("name", isString)).toBeUndefined();
});

test("removes by name and by beginning, and leaves the rest alone", () => {
  const storage = new MemoryShelf();
  storage.setItem("of-another-page", "1");
  const store = new Store(storage);
  for (const name of ["read.a", "read.b", "theme", "name"]) store.write(name, name);

  store.removeAll("read.");
  store.remove("name");

  expect(["read.a", "read.b", "theme", "name"].map((name) => store.read(name, isString))).toEqual([
    undefined,
    undefined,
    "theme",
    undefined,
  ]);
  expect(storage.getItem("of-another-page")).toBe("1");
});

test("tells of changes until nobody listens", () => {
  const store = new Store(new MemoryShelf());
  const listener = vi.fn();
  const end = store.subscribe(listener);

  store.write("name", "Alice");
  store.remove("name");
  end();
  store.write("name", "Bob");

  expect(listener).toHaveBeenCalledTimes(2);
});

test("works on where the browser keeps nothing", () => {
  const storage = new MemoryShelf();
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const store = new Store(storage);

  store.write("name", "Alice");

  expect(store.read("name", isString)).toBeUndefined();
});
