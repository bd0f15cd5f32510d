/** Where this page's chat is, and how people sign in: in `config.json` beside it. */

import { isSignIn, type SignIn } from "./sign-in-config.ts";

export interface Config {
  readonly webSocketUrl: string;
  readonly signIn: SignIn;
}

const GUESTS: SignIn = { type: "guest" };

/** Why there is no telling where the chat is, for the person who set it up. */
export class ConfigError extends Error {}

/** Read the configuration; *get* is the browser's `fetch`. */
export async function loadConfig(get: (address: string) => Promise<Response>): Promise<Config> {
  const response = await get("./config.json").catch(() => {
    throw new ConfigError("config.json could not be fetched.");
  });
  if (!response.ok) throw new ConfigError(`config.json is missing (HTTP ${response.status}).`);
  const value: unknown = await response.json().catch(() => {
    throw new ConfigError("config.json is not JSON.");
  });
  return check(value);
}

function check(value: unknown): Config {
  const said = value as Partial<Record<keyof Config, unknown>> | null;
  const { webSocketUrl: url, signIn = GUESTS } = said ?? {};
  if (typeof url !== "string" || !isWebSocketUrl(url)) {
    throw new ConfigError("config.json has no webSocketUrl that begins with wss:// or ws://.");
  }
  if (!isSignIn(signIn)) throw new ConfigError("config.json does not say how people sign in.");
  return { webSocketUrl: url, signIn };
}

function isWebSocketUrl(url: string): boolean {
  return URL.canParse(url) && ["ws:", "wss:"].includes(new URL(url).protocol);
}
