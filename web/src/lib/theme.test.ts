import { expect, test } from "vitest";

import { MemoryShelf, Store } from "./store.ts";
import { applyTheme, chooseTheme, nextTheme, themeOf } from "./theme.ts";

test("is the system's until one chooses, and remembered then", () => {
  const store = new Store(new MemoryShelf());
  expect(themeOf(store)).toBe("system");

  chooseTheme(store, "dark");

  expect(themeOf(store)).toBe("dark");
});

test("the button leads through all and back", () => {
  expect(nextTheme("system")).toBe("light");
  expect(nextTheme("light")).toBe("dark");
  expect(nextTheme("dark")).toBe("system");
});

test("the style sheets see a choice, and nothing of the system's", () => {
  const root = { dataset: {} } as HTMLElement;

  applyTheme("dark", root);
  expect(root.dataset).toEqual({ theme: "dark" });
  applyTheme("system", root);
  expect(root.dataset).toEqual({});
});
