/** The theme: light, dark, or the setting of the system. */

import type { Store } from "./store.ts";

export type Theme = "system" | "light" | "dark";

const THEMES: readonly Theme[] = ["system", "light", "dark"];
const NAME = "theme";

export function themeOf(store: Store): Theme {
  return store.read(NAME, isTheme) ?? "system";
}

export function chooseTheme(store: Store, theme: Theme): void {
  store.write(NAME, theme);
}

/** Return the theme after this one, in the order of the theme button. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
}

/** Set the theme for the style sheets. */
export function applyTheme(theme: Theme, root: HTMLElement): void {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
}

function isTheme(value: unknown): value is Theme {
  return THEMES.includes(value as Theme);
}
