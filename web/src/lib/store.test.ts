import { expect, test, vi } from "vitest";

import { isNumber, isString, MemoryStorage, Store } from "./store.ts";

test("returns what was written, if it has the expected type", () => {
  const store = new Store(new MemoryStorage());

  store.write("name", "Alice");

  expect(store.read("name", isString)).toBe("Alice");
  expect(store.read("name", isNumber)).toBeUndefined();
  expect(store.read("other", isString)).toBeUndefined();
});

test("treats a value that is not JSON as missing", () => {
  const storage = new MemoryStorage();
  storage.setItem("chat.name", "{");

  expect(new Store(storage).read("name", isString)).toBeUndefined();
});

test("removes by name and by prefix, and keeps the rest", () => {
  const storage = new MemoryStorage();
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

test("notifies listeners until they unsubscribe", () => {
  const store = new Store(new MemoryStorage());
  const listener = vi.fn();
  const end = store.subscribe(listener);

  store.write("name", "Alice");
  store.remove("name");
  end();
  store.write("name", "Bob");

  expect(listener).toHaveBeenCalledTimes(2);
});

test("works in a browser that stores nothing", () => {
  const storage = new MemoryStorage();
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const store = new Store(storage);

  store.write("name", "Alice");

  expect(store.read("name", isString)).toBeUndefined();
});
