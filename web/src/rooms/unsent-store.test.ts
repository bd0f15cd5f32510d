/** A reload loses nothing that was said: what is not acknowledged is kept, and forgotten when it is. */

import { expect, test } from "vitest";

import type { Chat, Outgoing } from "../../sdk/index.ts";
import { MemoryShelf, Store } from "../lib/store.ts";
import { Unsent, unsentIn } from "./unsent-store.ts";

function said(clientMessageId: string, at: number, state: Outgoing["state"] = "pending"): Outgoing {
  return { clientMessageId, text: `text of ${clientMessageId}`, at, state };
}

function chatWith(outgoing: readonly Outgoing[], id = "tea"): Chat {
  return { rooms: new Map([[id, { id, outgoing }]]) } as unknown as Chat;
}

function ids(store: Store, roomId = "tea"): readonly string[] {
  return unsentIn(store, roomId).map((entry) => entry.clientMessageId);
}

test("what is pending or failed is there after a reload, in the order it was said", () => {
  const shelf = new MemoryShelf();
  new Unsent(new Store(shelf)).follow(chatWith([said("b", 2), said("a", 1, "failed")]));

  const found = unsentIn(new Store(shelf), "tea");

  expect(found).toEqual([said("a", 1, "failed"), said("b", 2)]);
});

test("what is acknowledged or discarded is forgotten", () => {
  const store = new Store(new MemoryShelf());
  const unsent = new Unsent(store);
  unsent.follow(chatWith([said("a", 1), said("b", 2), said("c", 3)]));

  unsent.follow(chatWith([said("a", 1, "sent"), said("c", 3)]));

  expect(ids(store)).toEqual(["c"]);
});

test("tabs do not forget each other's, and rooms are kept apart", () => {
  const store = new Store(new MemoryShelf());
  const [one, other] = [new Unsent(store), new Unsent(store)];

  one.follow(chatWith([said("a", 1)]));
  other.follow(chatWith([]));
  other.follow(chatWith([said("b", 2)], "tea-2"));

  expect(ids(store)).toEqual(["a"]);
  expect(ids(store, "tea-2")).toEqual(["b"]);
});

test("what is damaged is left out", () => {
  const store = new Store(new MemoryShelf());
  store.write("unsent.tea.a", { text: 7 });
  store.write("unsent.tea.b", null);

  expect(ids(store)).toEqual([]);
});
