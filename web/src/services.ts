/** What the page needs of the world around it, so that a test can bring its own. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { Chat, ChatOptions } from "../sdk/index.ts";
import type { Config } from "./state/config.ts";
import type { Notifier } from "./state/notify.ts";
import type { Store } from "./state/store.ts";

export interface Services {
  readonly store: Store;
  readonly notifier: Notifier | undefined;
  /** Asked once, when the page begins. */
  readonly config: Promise<Config>;
  createChat(options: ChatOptions): Chat;
}

export const ServicesContext = createContext<Services | undefined>(undefined);
export const ChatContext = createContext<Chat | undefined>(undefined);

export function useServices(): Services {
  return present(useContext(ServicesContext));
}

/** The chat of whoever is signed in. */
export function useChat(): Chat {
  return present(useContext(ChatContext));
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("a component is used outside of its context");
  return value;
}
