/** Services and values that components read from context, so that tests can replace them. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Chat, ChatOptions } from "../sdk/index.ts";
import type { BrowserPort, SignInModule } from "./lib/auth-provider.ts";
import type { Config } from "./lib/config.ts";
import type { Notifier } from "./lib/notifications.ts";
import type { Store } from "./lib/store.ts";

export interface Services {
  readonly store: Store;
  readonly notifier: Notifier | undefined;
  /** The content of `config.json`, requested once, when the page starts. */
  readonly config: Promise<Config>;
  createChat(options: ChatOptions): Chat;
  readonly browser: BrowserPort;
  /** Loads the chunk for chats whose users sign in. Chats for guests never load it. */
  readonly loadSignIn: () => Promise<SignInModule>;
}

/** The user of this page, before the server has sent an id. */
export interface User {
  readonly name: string;
}

/** How the user signed in, and how the user signs out. */
export interface Auth {
  readonly isGuest: boolean;
  /** Forgets the user and everything that the browser stores for the user. */
  readonly signOut: () => void;
  /** Shows the sign-in page again and keeps what is stored. Not for guests. */
  readonly signInAgain: () => void;
}

export const ServicesContext = createContext<Services | undefined>(undefined);
export const ChatContext = createContext<Chat | undefined>(undefined);
export const AuthContext = createContext<Auth | undefined>(undefined);

export function useServices(): Services {
  return required(useContext(ServicesContext));
}

/** Return the chat of the user. */
export function useChat(): Chat {
  return required(useContext(ChatContext));
}

export function useAuth(): Auth {
  return required(useContext(AuthContext));
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("a component is used outside of its context");
  return value;
}
