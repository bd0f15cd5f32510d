import { expect, test } from "vitest";

import { MemoryStorage, Store } from "./store.ts";
import { applyTheme, chooseTheme, nextTheme, themeOf } from "./theme.ts";

test("follows the system until the user chooses, and then stores the choice", () => {
  const store = new Store(new MemoryStorage());
  expect(themeOf(store)).toBe("system");

  chooseTheme(store, "dark");

  expect(themeOf(store)).toBe("dark");
});

test("the button cycles through all themes", () => {
  expect(nextTheme("system")).toBe("light");
  expect(nextTheme("light")).toBe("dark");
  expect(nextTheme("dark")).toBe("system");
});

test("the root element has the chosen theme, and none for the system's", () => {
  const root = { dataset: {} } as HTMLElement;

  applyTheme("dark", root);
  expect(root.dataset).toEqual({ theme: "dark" });
  applyTheme("system", root);
  expect(root.dataset).toEqual({});
});
