/** What the page needs of the world around it, so that a test can bring its own. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Chat, ChatOptions } from "../sdk/index.ts";
import type * as desk from "./lazy.ts";
import type { Config } from "./lib/config.ts";
import type { Identity, Street } from "./lib/auth-provider.ts";
import type { Notifier } from "./lib/notifications.ts";
import type { Store } from "./lib/store.ts";

export interface Services {
  readonly store: Store;
  readonly notifier: Notifier | undefined;
  /** Asked once, when the page begins. */
  readonly config: Promise<Config>;
  createChat(options: ChatOptions): Chat;
  readonly street: Street;
  /** Loaded only where people sign in. */
  readonly loadIdentity: () => Promise<Identity>;
  /** Dialogs and lists that the page begins without. */
  readonly loadDesk: () => Promise<Desk>;
}

export type Desk = typeof desk;

/** Who is here, and how they stop being. */
export interface Self {
  readonly isGuest: boolean;
  /** Forget who is here, and all that was theirs. */
  readonly signOut: () => void;
  /** Let them sign in anew, with all that is theirs; not for guests. */
  readonly signInAgain: () => void;
}

export const ServicesContext = createContext<Services | undefined>(undefined);
export const ChatContext = createContext<Chat | undefined>(undefined);
export const SelfContext = createContext<Self | undefined>(undefined);

export function useServices(): Services {
  return present(useContext(ServicesContext));
}

/** The chat of whoever is signed in. */
export function useChat(): Chat {
  return present(useContext(ChatContext));
}

export function useSelf(): Self {
  return present(useContext(SelfContext));
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("a component is used outside of its context");
  return value;
}
