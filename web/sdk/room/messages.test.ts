/** Sent messages are in the log once, and every user sees them in order. */

import { expect, test } from "vitest";
import { REQUEST_FAULTS, type RequestFault } from "../testing/network.ts";
import { HOUR, MINUTE, SECOND, Simulation, texts } from "../testing/simulation.ts";

test("a message is pending, then shown, and never both", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");

  room.send("hello");
  expect(room.outgoing).toMatchObject([{ text: "hello", state: "pending" }]);
  await sim.advance(SECOND);

  expect(texts(room)).toEqual(["hello"]);
  expect(room.outgoing).toEqual([]);
});

test("other users receive the message", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");

  aliceRoom.send("hello");
  await sim.advance(SECOND);

  expect(texts(bobRoom)).toEqual(["hello"]);
});

test("messages keep the order of sending", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  sim.network.latency = () => 5 + 100 * sim.random();

  for (let n = 0; n < 20; n++) room.send(String(n));
  await sim.advance(MINUTE);

  expect(sim.tea.log.map(({ text }) => text)).toEqual(
    Array.from({ length: 20 }, (_, n) => String(n)),
  );
  expect(room.messages).toHaveLength(20);
});

test.each<RequestFault>(REQUEST_FAULTS)(
  "a message is in the log once after the request fault %s",
  async (fault) => {
    const sim = new Simulation();
    const [, aliceRoom] = await sim.join("alice");
    const [, bobRoom] = await sim.join("bob");
    const faults: RequestFault[] = [fault];
    sim.network.requestFault = ({ action }) =>
      (action === "sendMessage" ? faults.pop() : undefined) ?? "none";

    aliceRoom.send("hello");
    await sim.advance(3 * MINUTE);

    expect(faults).toEqual([]);
    for (const room of [aliceRoom, bobRoom]) expect(texts(room)).toEqual(["hello"]);
    expect(sim.tea.log).toHaveLength(1);
    expect(aliceRoom.outgoing).toEqual([]);
  },
);

test("sends messages of an offline time in order when the network is back", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  sim.network.isReachable = false;
  sim.network.disconnect();

  room.send("one");
  room.send("two");
  await sim.advance(5 * MINUTE);
  expect(room.outgoing).toHaveLength(2);
  sim.network.isReachable = true;
  await sim.advance(MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["one", "two"]);
});

test("sends the saved messages of an earlier visit once, even if they had arrived", async () => {
  const sim = new Simulation();
  const [before, room] = await sim.join("alice");
  sim.network.requestFault = ({ action }) => (action === "sendMessage" ? "noReply" : "none");
  room.send("one");
  room.send("two");
  await sim.advance(SECOND);
  const left = JSON.parse(JSON.stringify(room.outgoing)) as typeof room.outgoing;
  before.stop();
  sim.network.requestFault = () => "none";

  const chat = sim.newChat("alice");
  chat.resume([{ roomId: "tea", outgoing: left }]);
  chat.start();
  await sim.advance(SECOND);

  expect(left).toHaveLength(2);
  expect(sim.tea.log.map(({ text }) => text)).toEqual(["one", "two"]);
  expect(chat.rooms.get("tea")?.outgoing).toEqual([]);
});

test("a refused message is failed and can be retried or discarded", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");

  const { clientMessageId } = room.send("x".repeat(4_001));
  room.send("short");
  await sim.advance(SECOND);
  expect(room.outgoing).toMatchObject([{ state: "failed", error: { code: "too_large" } }]);
  expect(texts(room)).toEqual(["short"]);

  room.retry(clientMessageId);
  expect(room.outgoing[0]?.state).toBe("pending");
  await sim.advance(SECOND);
  expect(room.outgoing[0]?.state).toBe("failed");

  room.discard(clientMessageId);
  expect(room.outgoing).toEqual([]);
});

test("fails a message before the server would no longer recognize it as repeated", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  sim.network.isReachable = false;
  sim.network.disconnect();

  const { clientMessageId } = room.send("hello");
  await sim.advance(23 * HOUR - SECOND);
  expect(room.outgoing).toMatchObject([{ state: "pending" }]);
  await sim.advance(2 * SECOND);
  expect(room.outgoing).toMatchObject([{ state: "failed", error: { code: "timeout" } }]);

  sim.network.isReachable = true;
  await sim.advance(MINUTE);
  expect(sim.tea.log).toEqual([]);
  room.retry(clientMessageId);
  await sim.advance(SECOND);
  expect(sim.tea.log).toMatchObject([{ text: "hello", clientMessageId }]);
});

test("sends nothing for the time that rate_limited names", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  sim.server.failNext = [
    { action: "sendMessage", code: "rate_limited", message: "", retryAfterMs: 30_000 },
  ];

  room.send("hello");
  await sim.advance(29 * SECOND);
  expect(sim.tea.log).toEqual([]);
  await sim.advance(2 * SECOND);

  expect(texts(room)).toEqual(["hello"]);
});

test("sends a flood of messages once and in order at the server's rate", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  const limit = { action: "sendMessage", code: "rate_limited", message: "", retryAfterMs: 5_000 };
  sim.server.failNext = [limit, limit, limit] as typeof sim.server.failNext;

  for (const text of ["one", "two", "three"]) room.send(text);
  await sim.advance(SECOND);
  expect(room.outgoing).toMatchObject([
    { text: "one", state: "pending", error: { code: "rate_limited", retryAfterMs: 5_000 } },
    { text: "two", state: "pending" },
    { text: "three", state: "pending" },
  ]);
  await sim.advance(13 * SECOND);
  expect(sim.tea.log).toEqual([]);
  await sim.advance(10 * SECOND);

  expect(texts(room)).toEqual(["one", "two", "three"]);
  expect(sim.tea.log).toHaveLength(3);
  expect(room.outgoing).toEqual([]);
});

test("a message that could not be reviewed is failed and does not delay others", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  sim.server.failNext = [
    { action: "sendMessage", code: "not_reviewed", message: "", retryAfterMs: 3_000 },
  ];

  const { clientMessageId } = room.send("hello");
  room.send("anybody?");
  await sim.advance(SECOND);
  expect(texts(room)).toEqual(["anybody?"]);
  expect(room.outgoing).toMatchObject([{ state: "failed", error: { code: "not_reviewed" } }]);

  room.retry(clientMessageId);
  await sim.advance(SECOND);
  expect(texts(room)).toEqual(["anybody?", "hello"]);
});

test("another tab of the same user shows the message", async () => {
  const sim = new Simulation();
  const [, laptop] = await sim.join("alice-laptop");
  const [, phone] = await sim.join("alice-phone");

  laptop.send("hello");
  await sim.advance(SECOND);

  expect(texts(phone)).toEqual(["hello"]);
  expect(phone.members).toHaveLength(1);
});
