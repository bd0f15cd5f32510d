/** Connecting and reconnecting. */

import { expect, test } from "vitest";
import { createChat } from "../live-chat.ts";
import { HOUR, MINUTE, SECOND, Simulation, seqs, texts } from "../testing/simulation.ts";

test("does nothing before it is started", async () => {
  const sim = new Simulation();
  const chat = sim.newChat("alice");

  await sim.advance(MINUTE);

  expect(chat.connection).toEqual({ state: "stopped" });
  expect(sim.network.openedCount).toBe(0);
});

test("reports the user and the limits after the connection opens", async () => {
  const sim = new Simulation();
  const chat = sim.newChat("alice");

  chat.start();
  expect(chat.connection).toEqual({ state: "connecting" });
  await sim.advance(SECOND);

  expect(chat.connection).toEqual({ state: "open" });
  expect(chat.me).toMatchObject({ name: "alice" });
  expect(chat.limits?.textLength).toBe(4_000);
});

test.each([
  { name: "two\nlines" },
  { name: "x".repeat(65) },
  { name: "\u202ekcab" },
  { key: "short" },
])("does not connect with a name or key that the server would reject: %o", async (identity) => {
  const sim = new Simulation();
  const platform = { clock: sim.clock, socket: sim.network.connect };
  const chat = createChat({ url: "ws://chat.test", ...identity, platform });

  chat.start();
  await sim.advance(MINUTE);

  expect(chat.connection).toMatchObject({ state: "invalid", error: { code: "bad_request" } });
  expect(sim.network.openedCount).toBe(0);
});

test("makes up a missing key and keeps it across reconnects", async () => {
  const sim = new Simulation();
  const { clock, random, connectivity } = sim;
  const platform = { clock, random, connectivity, socket: sim.network.connect };
  const chat = createChat({ url: "ws://chat.test", platform });
  chat.start();
  await sim.advance(SECOND);
  const before = chat.me;

  sim.network.disconnect();
  await sim.advance(MINUTE);

  expect(before?.userId).toMatch(/^guest-[0-9a-z]{32}$/);
  expect(chat.me).toEqual(before);
});

test("reconnects by itself and reports when", async () => {
  const sim = new Simulation();
  const [chat] = await sim.join("alice");

  sim.network.isReachable = false;
  sim.network.disconnect();
  await sim.advance(10);
  const { connection } = chat;
  await sim.advance(MINUTE);
  sim.network.isReachable = true;
  await sim.advance(20 * SECOND);

  expect(connection).toMatchObject({ state: "waiting", reason: "lost" });
  expect(chat.connection).toEqual({ state: "open" });
});

test("reconnects after growing pauses with jitter", async () => {
  const sim = new Simulation(3);
  const chat = sim.newChat("alice");
  sim.network.isReachable = false;
  const tries: number[] = [];
  const { connect } = sim.network;
  sim.network.connect = connect;
  chat.start();
  for (let second = 0; second < 600; second++) {
    await sim.advance(SECOND);
    if (chat.connection.state === "waiting") tries.push(chat.connection.retryAt);
  }

  const pauses = [...new Set(tries)].map((at, n, all) => at - (all[n - 1] ?? at)).slice(1);
  expect(pauses.length).toBeGreaterThan(30);
  expect(pauses.length).toBeLessThan(100);
  expect(Math.max(...pauses)).toBeLessThan(21 * SECOND);
  expect(new Set(pauses).size).toBeGreaterThan(20);
});

test("does not flood a server that closes each connection at once", async () => {
  const sim = new Simulation();
  sim.network.requestFault = () => "lost";
  const chat = sim.newChat("alice");

  chat.start();
  await sim.advance(10 * MINUTE);

  expect(sim.network.openedCount).toBeLessThan(100);
});

test("waits for the end of the server's cooldown, even after reconnectNow, and keeps unsent messages", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  for (const socket of sim.network.openSockets) {
    socket.inject('{"type":"error","code":"rate_limited","message":"","retryAfterMs":60000}');
  }
  sim.network.disconnect();
  room.send("later");
  await sim.advance(10);
  const { connection } = chat;

  chat.reconnectNow();
  await sim.advance(58 * SECOND);
  const { handshakes } = sim.network;
  await sim.advance(3 * SECOND);

  expect(connection).toMatchObject({ state: "waiting", reason: "cooldown" });
  expect(handshakes).toBe(1);
  expect(chat.connection).toEqual({ state: "open" });
  expect(texts(room)).toEqual(["later"]);
});

test("replaces a connection that the server does not know", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  sim.server.failNext = [{ action: "sendMessage", code: "unauthorized", message: "" }];

  room.send("hello");
  await sim.advance(MINUTE);

  expect(sim.network.openedCount).toBe(2);
  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["hello"]);
});

test("ignores texts that are not frames of the protocol", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  const [socket] = sim.network.openSockets;

  for (const text of [
    "",
    "{",
    "null",
    "7",
    '{"type":"dance"}',
    '{"message":"Internal server error"}',
  ]) {
    socket?.inject(text);
  }
  room.send("hello");
  await sim.advance(SECOND);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["hello"]);
});

test("leaves no timer and no socket after stop", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  room.send("hello");

  chat.stop();
  await sim.advance(3 * HOUR);

  expect(chat.connection).toEqual({ state: "stopped" });
  expect(sim.network.openSockets.size).toBe(0);
  expect(sim.clock.isIdle).toBe(true);
});

test("receives the missed messages after stop and start", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [chat, bobRoom] = await sim.join("bob");

  chat.stop();
  aliceRoom.send("missed");
  await sim.advance(MINUTE);
  chat.start();
  await sim.advance(SECOND);

  expect(texts(bobRoom)).toEqual(["missed"]);
  expect(bobRoom.hasDiscontinuity).toBe(false);
});

test("calls a listener once for all changes of a task, until it unsubscribes", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  let calls = 0;
  const end = chat.subscribe(() => calls++);

  for (let n = 0; n < 5; n++) room.send(String(n));
  await sim.advance(0);
  expect(calls).toBe(1);

  end();
  room.send("missed");
  await sim.advance(SECOND);
  expect(calls).toBe(1);
  expect(seqs(room)).toHaveLength(6);
});
