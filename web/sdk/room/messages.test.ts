/** What is said is in the log once, and seen by everybody in order. */

import { expect, test } from "vitest";
import type { Fate } from "../testing/network.ts";
import { HOUR, MINUTE, SECOND, World, texts } from "../testing/world.ts";

test("a message is pending, then shown, and never both", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");

  room.send("hello");
  expect(room.outgoing).toMatchObject([{ text: "hello", state: "pending" }]);
  await world.pass(SECOND);

  expect(texts(room)).toEqual(["hello"]);
  expect(room.outgoing).toEqual([]);
});

test("others hear it", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");

  alices.send("hello");
  await world.pass(SECOND);

  expect(texts(bobs)).toEqual(["hello"]);
});

test("many messages keep the order in which they were said", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  world.network.latency = () => 5 + 100 * world.random();

  for (let n = 0; n < 20; n++) room.send(String(n));
  await world.pass(MINUTE);

  expect(world.tea.log.map(({ text }) => text)).toEqual(
    Array.from({ length: 20 }, (_, n) => String(n)),
  );
  expect(room.messages).toHaveLength(20);
});

test.each<Fate>(["lost", "replyLost", "refused", "spoilt", "killed", "swallowed"])(
  "a message whose request is %s is in the log once",
  async (fate) => {
    const world = new World();
    const [, alices] = await world.meet("alice");
    const [, bobs] = await world.meet("bob");
    const fates: Fate[] = [fate];
    world.network.fate = ({ action }) =>
      (action === "sendMessage" ? fates.pop() : undefined) ?? "fine";

    alices.send("hello");
    await world.pass(3 * MINUTE);

    expect(fates).toEqual([]);
    for (const room of [alices, bobs]) expect(texts(room)).toEqual(["hello"]);
    expect(world.tea.log).toHaveLength(1);
    expect(alices.outgoing).toEqual([]);
  },
);

test("what was said while offline is sent in order when the network is back", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  world.network.isReachable = false;
  world.network.cut();

  room.send("one");
  room.send("two");
  await world.pass(5 * MINUTE);
  expect(room.outgoing).toHaveLength(2);
  world.network.isReachable = true;
  await world.pass(MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["one", "two"]);
});

test("what an earlier visit has left unsent is sent once, though it was sent already", async () => {
  const world = new World();
  const [before, room] = await world.meet("alice");
  world.network.fate = ({ action }) => (action === "sendMessage" ? "swallowed" : "fine");
  room.send("one");
  room.send("two");
  await world.pass(SECOND);
  const left = JSON.parse(JSON.stringify(room.outgoing)) as typeof room.outgoing;
  before.stop();
  world.network.fate = () => "fine";

  const chat = world.enter("alice");
  chat.resume([{ roomId: "tea", outgoing: left }]);
  chat.start();
  await world.pass(SECOND);

  expect(left).toHaveLength(2);
  expect(world.tea.log.map(({ text }) => text)).toEqual(["one", "two"]);
  expect(chat.rooms.get("tea")?.outgoing).toEqual([]);
});

test("a message that the server refuses has failed, and can be sent again or discarded", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");

  const { clientMessageId } = room.send("x".repeat(4_001));
  room.send("short");
  await world.pass(SECOND);
  expect(room.outgoing).toMatchObject([{ state: "failed", error: { code: "too_large" } }]);
  expect(texts(room)).toEqual(["short"]);

  room.retry(clientMessageId);
  expect(room.outgoing[0]?.state).toBe("pending");
  await world.pass(SECOND);
  expect(room.outgoing[0]?.state).toBe("failed");

  room.discard(clientMessageId);
  expect(room.outgoing).toEqual([]);
});

test("a message is given up before the server would take it for another one", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  world.network.isReachable = false;
  world.network.cut();

  const { clientMessageId } = room.send("hello");
  await world.pass(23 * HOUR - SECOND);
  expect(room.outgoing).toMatchObject([{ state: "pending" }]);
  await world.pass(2 * SECOND);
  expect(room.outgoing).toMatchObject([{ state: "failed", error: { code: "timeout" } }]);

  world.network.isReachable = true;
  await world.pass(MINUTE);
  expect(world.tea.log).toEqual([]);
  room.retry(clientMessageId);
  await world.pass(SECOND);
  expect(world.tea.log).toMatchObject([{ text: "hello", clientMessageId }]);
});

test("rate_limited waits as long as it says, and nothing else is asked meanwhile", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  world.server.refuse = [
    { action: "sendMessage", code: "rate_limited", message: "", retryAfterMs: 30_000 },
  ];

  room.send("hello");
  await world.pass(29 * SECOND);
  expect(world.tea.log).toEqual([]);
  await world.pass(2 * SECOND);

  expect(texts(room)).toEqual(["hello"]);
});

test("a flood is sent in order, as fast as the server says, and each message once", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  const limit = { action: "sendMessage", code: "rate_limited", message: "", retryAfterMs: 5_000 };
  world.server.refuse = [limit, limit, limit] as typeof world.server.refuse;

  for (const text of ["one", "two", "three"]) room.send(text);
  await world.pass(SECOND);
  expect(room.outgoing).toMatchObject([
    { text: "one", state: "pending", error: { code: "rate_limited", retryAfterMs: 5_000 } },
    { text: "two", state: "pending" },
    { text: "three", state: "pending" },
  ]);
  await world.pass(13 * SECOND);
  expect(world.tea.log).toEqual([]);
  await world.pass(10 * SECOND);

  expect(texts(room)).toEqual(["one", "two", "three"]);
  expect(world.tea.log).toHaveLength(3);
  expect(room.outgoing).toEqual([]);
});

test("what could not be reviewed has failed, and holds nothing else up", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  world.server.refuse = [
    { action: "sendMessage", code: "not_reviewed", message: "", retryAfterMs: 3_000 },
  ];

  const { clientMessageId } = room.send("hello");
  room.send("anybody?");
  await world.pass(SECOND);
  expect(texts(room)).toEqual(["anybody?"]);
  expect(room.outgoing).toMatchObject([{ state: "failed", error: { code: "not_reviewed" } }]);

  room.retry(clientMessageId);
  await world.pass(SECOND);
  expect(texts(room)).toEqual(["anybody?", "hello"]);
});

test("another tab of the same person shows what this one sends", async () => {
  const world = new World();
  const [, laptop] = await world.meet("alice-laptop");
  const [, phone] = await world.meet("alice-phone");

  laptop.send("hello");
  await world.pass(SECOND);

  expect(texts(phone)).toEqual(["hello"]);
  expect(phone.members).toHaveLength(1);
});
