/** What was said and is not acknowledged yet, kept so that a reload does not lose it. */

import type { Chat, Outgoing } from "../../sdk/index.ts";
import type { Store } from "../lib/store.ts";

type Kept = Pick<Outgoing, "clientMessageId" | "text" | "at" | "state">;

const UNSENT = "unsent.";

/** What an earlier visit left unsent in a room, oldest first. */
export function unsentIn(store: Store, roomId: string): readonly Outgoing[] {
  return store
    .names(`${UNSENT}${roomId}.`)
    .map((name) => store.read(name, isKept))
    .filter((entry) => entry !== undefined)
    .sort((one, other) => one.at - other.at);
}

/** Each message has a name of its own: the tabs of one guest do not write over each other. */
export class Unsent {
  readonly #store: Store;
  readonly #kept = new Map<string, Outgoing["state"]>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Keep what the chat has not sent, and forget what it has. */
  follow(chat: Chat): void {
    const there = new Set<string>();
    for (const { id, outgoing } of chat.rooms.values()) {
      for (const { clientMessageId, text, at, state } of outgoing) {
        if (state === "sent") continue;
        const name = `${UNSENT}${id}.${clientMessageId}`;
        there.add(name);
        if (this.#kept.get(name) === state) continue;
        this.#kept.set(name, state);
        this.#store.write(name, { clientMessageId, text, at, state } satisfies Kept);
      }
    }
    for (const name of [...this.#kept.keys()]) {
      if (there.has(name)) continue;
      this.#kept.delete(name);
      this.#store.remove(name);
    }
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null) return false;
  const { clientMessageId, text, at, state } = value as Partial<Record<keyof Kept, unknown>>;
  return (
    typeof clientMessageId === "string" &&
    typeof text === "string" &&
    typeof at === "number" &&
    (state === "pending" || state === "failed")
  );
}
