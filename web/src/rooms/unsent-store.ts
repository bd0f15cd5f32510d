/** Stores messages that the server has not acknowledged, so that a reload does not lose them. */

import type { Chat, Outgoing } from "../../sdk/index.ts";
import type { Store } from "../lib/store.ts";

type UnsentMessage = Pick<Outgoing, "clientMessageId" | "text" | "at" | "state">;

const UNSENT = "unsent.";

/** Return the unsent messages of earlier visits in a room, oldest first. */
export function unsentIn(store: Store, roomId: string): readonly Outgoing[] {
  return store
    .names(`${UNSENT}${roomId}.`)
    .map((name) => store.read(name, isUnsentMessage))
    .filter((entry) => entry !== undefined)
    .sort((first, second) => first.at - second.at);
}

/** Stores each message under its own name, so that tabs do not overwrite each other. */
export class UnsentStore {
  readonly #store: Store;
  readonly #stored = new Map<string, Outgoing["state"]>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Stores the unsent messages of the chat, and removes the messages that were sent. */
  update(chat: Chat): void {
    const unsent = new Set<string>();
    for (const { id, outgoing } of chat.rooms.values()) {
      for (const { clientMessageId, text, at, state } of outgoing) {
        if (state === "sent") continue;
        const name = `${UNSENT}${id}.${clientMessageId}`;
        unsent.add(name);
        if (this.#stored.get(name) === state) continue;
        this.#stored.set(name, state);
        this.#store.write(name, { clientMessageId, text, at, state } satisfies UnsentMessage);
      }
    }
    for (const name of [...this.#stored.keys()]) {
      if (unsent.has(name)) continue;
      this.#stored.delete(name);
      this.#store.remove(name);
    }
  }
}

function isUnsentMessage(value: unknown): value is UnsentMessage {
  if (typeof value !== "object" || value === null) return false;
  const { clientMessageId, text, at, state } = value as Partial<
    Record<keyof UnsentMessage, unknown>
  >;
  return (
    typeof clientMessageId === "string" &&
    typeof text === "string" &&
    typeof at === "number" &&
    (state === "pending" || state === "failed")
  );
}
