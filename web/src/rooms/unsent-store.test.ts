/** A reload loses no message: unacknowledged messages are stored until they are acknowledged. */

import { expect, test } from "vitest";

import type { Chat, Outgoing } from "../../sdk/index.ts";
import { MemoryStorage, Store } from "../lib/store.ts";
import { UnsentStore, unsentIn } from "./unsent-store.ts";

function entry(
  clientMessageId: string,
  at: number,
  state: Outgoing["state"] = "pending",
): Outgoing {
  return { clientMessageId, text: `text of ${clientMessageId}`, at, state };
}

function chatWith(outgoing: readonly Outgoing[], id = "tea"): Chat {
  return { rooms: new Map([[id, { id, outgoing }]]) } as unknown as Chat;
}

function ids(store: Store, roomId = "tea"): readonly string[] {
  return unsentIn(store, roomId).map((entry) => entry.clientMessageId);
}

test("pending and failed messages are there after a reload, in their order", () => {
  const storage = new MemoryStorage();
  new UnsentStore(new Store(storage)).update(chatWith([entry("b", 2), entry("a", 1, "failed")]));

  const found = unsentIn(new Store(storage), "tea");

  expect(found).toEqual([entry("a", 1, "failed"), entry("b", 2)]);
});

test("acknowledged and discarded messages are forgotten", () => {
  const store = new Store(new MemoryStorage());
  const unsent = new UnsentStore(store);
  unsent.update(chatWith([entry("a", 1), entry("b", 2), entry("c", 3)]));

  unsent.update(chatWith([entry("a", 1, "sent"), entry("c", 3)]));

  expect(ids(store)).toEqual(["c"]);
});

test("tabs and rooms do not affect each other", () => {
  const store = new Store(new MemoryStorage());
  const [one, other] = [new UnsentStore(store), new UnsentStore(store)];

  one.update(chatWith([entry("a", 1)]));
  other.update(chatWith([]));
  other.update(chatWith([entry("b", 2)], "tea-2"));

  expect(ids(store)).toEqual(["a"]);
  expect(ids(store, "tea-2")).toEqual(["b"]);
});

test("invalid entries are ignored", () => {
  const store = new Store(new MemoryStorage());
  store.write("unsent.tea.a", { text: 7 });
  store.write("unsent.tea.b", null);

  expect(ids(store)).toEqual([]);
});
