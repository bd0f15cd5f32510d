import { expect, test } from "vitest";

import { ChatError, type Message, type Outgoing } from "../../sdk/index.ts";
import { message } from "../testing/messages.ts";
import { RowMaker, type Row } from "./message-rows.ts";

const ALICE = { userId: "alice", name: "alice" };
const MINUTE = 60_000;

function rows(messages: Message[], outgoing: Outgoing[] = [], newAfter?: number): readonly Row[] {
  return new RowMaker(ALICE).rows({ messages, outgoing, hasOlder: false }, newAfter);
}

/** Return the keys of the rows that have a mark. */
function where(
  list: readonly Row[],
  mark: "opensDay" | "opensGroup" | "closesGroup" | "isFirstNew",
) {
  return list.filter((row) => row[mark]).map((row) => row.key);
}

test("consecutive messages of an author within five minutes are a group", () => {
  const list = rows([
    message(1, "bob", 0),
    message(2, "bob", 4 * MINUTE),
    message(3, "eve", 4 * MINUTE),
    message(4, "eve", 10 * MINUTE),
  ]);

  expect(where(list, "opensGroup")).toEqual(["1", "3", "4"]);
  expect(where(list, "closesGroup")).toEqual(["2", "3", "4"]);
});

test("two users with the same name are two groups", () => {
  const twin = { ...message(2, "eve"), sender: { userId: "eve", name: "bob" } };

  expect(where(rows([message(1, "bob"), twin]), "opensGroup")).toEqual(["1", "2"]);
});

test("the first message of a day starts a day and a group", () => {
  const day = 24 * 60 * MINUTE;

  const list = rows([message(1, "bob", 0), message(2, "bob", MINUTE), message(3, "bob", day)]);

  expect(where(list, "opensDay")).toEqual(["1", "3"]);
  expect(where(list, "opensGroup")).toEqual(["1", "3"]);
});

test("the first loaded message starts no day while there are older messages", () => {
  const messages = [message(1, "bob"), message(2, "bob")];

  const list = new RowMaker(ALICE).rows({ messages, outgoing: [], hasOlder: true }, undefined);

  expect(where(list, "opensDay")).toEqual([]);
  expect(where(list, "opensGroup")).toEqual(["1"]);
});

test("the first new message of another user is marked and starts a group", () => {
  const list = rows(
    [message(1, "bob"), message(3, "alice"), message(4, "bob"), message(5, "bob")],
    [],
    2,
  );

  expect(where(list, "isFirstNew")).toEqual(["4"]);
  expect(where(rows([message(1, "bob"), message(2, "bob")], [], 1), "opensGroup")).toEqual([
    "1",
    "2",
  ]);
});

test("nothing is marked as new if the last read message is unknown or the latest", () => {
  expect(where(rows([message(1, "bob")]), "isFirstNew")).toEqual([]);
  expect(where(rows([message(1, "bob")], [], 1), "isFirstNew")).toEqual([]);
});

test("an unsent message is last, and keeps its key when it is stored", () => {
  const error = new ChatError("rate_limited", "");
  const at = Date.parse(message(1, "bob").sentAt);
  const outgoing: Outgoing = { clientMessageId: "id-1", text: "hi", state: "failed", at, error };

  const before = rows([message(1, "bob")], [outgoing]);
  const after = rows([message(1, "bob"), { ...message(2, "alice"), clientMessageId: "id-1" }]);

  expect(before.at(-1)).toMatchObject({ key: "id-1", isOwn: true, state: "failed", error });
  expect(after.at(-1)).toMatchObject({ key: "id-1", isOwn: true, state: "stored" });
});

test("the message ids of other users are not used as keys, because they may be equal", () => {
  const list = rows([
    { ...message(1, "bob"), clientMessageId: "same" },
    { ...message(2, "eve"), clientMessageId: "same" },
  ]);

  expect(list.map((row) => row.key)).toEqual(["1", "2"]);
});

test("an unchanged row is the same object as before", () => {
  const maker = new RowMaker(ALICE);
  const messages = [message(1, "bob"), message(2, "eve"), message(3, "eve")];
  const room = { messages, outgoing: [], hasOlder: false };
  const before = maker.rows(room, undefined);

  const after = maker.rows({ ...room, messages: [...messages, message(4, "eve")] }, undefined);

  expect(after.map((row, index) => row === before[index])).toEqual([true, true, false, false]);
  expect(after[2]?.closesGroup).toBe(false);
});
