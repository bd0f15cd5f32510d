/** Reads `config.json`: the address of the chat, and how users sign in. */

import { isSignInConfig, type SignInConfig } from "./sign-in-config.ts";

export interface Config {
  readonly webSocketUrl: string;
  readonly signIn: SignInConfig;
}

const GUESTS: SignInConfig = { type: "guest" };

/** The configuration is missing or invalid. The message is for the operator of the chat. */
export class ConfigError extends Error {}

/** Read the configuration. *get* is the browser's `fetch`. Rejects with ConfigError. */
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
  const fields = value as Partial<Record<keyof Config, unknown>> | null;
  const { webSocketUrl: url, signIn = GUESTS } = fields ?? {};
  if (typeof url !== "string" || !isWebSocketUrl(url)) {
    throw new ConfigError("config.json has no webSocketUrl that begins with wss:// or ws://.");
  }
  if (!isSignInConfig(signIn)) throw new ConfigError("config.json has no valid signIn.");
  return { webSocketUrl: url, signIn };
}

function isWebSocketUrl(url: string): boolean {
  return URL.canParse(url) && ["ws:", "wss:"].includes(new URL(url).protocol);
}
