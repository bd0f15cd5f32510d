/** Connections break, hang, sleep and end; the chat goes on. */

import { expect, test } from "vitest";
import { createChat } from "../live-chat.ts";
import { HOUR, MINUTE, SECOND, World, seqs, texts } from "../testing/world.ts";

test("does nothing before it is started", async () => {
  const world = new World();
  const chat = world.enter("alice");

  await world.pass(MINUTE);

  expect(chat.connection).toEqual({ state: "stopped" });
  expect(world.network.opened).toBe(0);
});

test("says who one is, and what the limits are", async () => {
  const world = new World();
  const chat = world.enter("alice");

  chat.start();
  expect(chat.connection).toEqual({ state: "connecting" });
  await world.pass(SECOND);

  expect(chat.connection).toEqual({ state: "open" });
  expect(chat.me).toMatchObject({ name: "alice" });
  expect(chat.limits?.textLength).toBe(4_000);
});

test.each([
  { name: "two\nlines" },
  { name: "x".repeat(65) },
  { name: "\u202ekcab" },
  { key: "short" },
])("refuses what the server would refuse: %o", async (identity) => {
  const world = new World();
  const platform = { clock: world.clock, socket: world.network.connect };
  const chat = createChat({ url: "ws://chat.test", ...identity, platform });

  chat.start();
  await world.pass(MINUTE);

  expect(chat.connection).toMatchObject({ state: "invalid", error: { code: "bad_request" } });
  expect(world.network.opened).toBe(0);
});

test("without a key it makes one up, and stays the same user across reconnects", async () => {
  const world = new World();
  const { clock, random, connectivity } = world;
  const platform = { clock, random, connectivity, socket: world.network.connect };
  const chat = createChat({ url: "ws://chat.test", platform });
  chat.start();
  await world.pass(SECOND);
  const before = chat.me;

  world.network.cut();
  await world.pass(MINUTE);

  expect(before?.userId).toMatch(/^guest-[0-9a-z]{32}$/);
  expect(chat.me).toEqual(before);
});

test("reconnects by itself, and tells when it will", async () => {
  const world = new World();
  const [chat] = await world.meet("alice");

  world.network.isReachable = false;
  world.network.cut();
  await world.pass(10);
  const { connection } = chat;
  await world.pass(MINUTE);
  world.network.isReachable = true;
  await world.pass(20 * SECOND);

  expect(connection).toMatchObject({ state: "waiting", reason: "lost" });
  expect(chat.connection).toEqual({ state: "open" });
});

test("tries less and less often, and with jitter", async () => {
  const world = new World(3);
  const chat = world.enter("alice");
  world.network.isReachable = false;
  const tries: number[] = [];
  const { connect } = world.network;
  world.network.connect = connect;
  chat.start();
  for (let second = 0; second < 600; second++) {
    await world.pass(SECOND);
    if (chat.connection.state === "waiting") tries.push(chat.connection.retryAt);
  }

  const pauses = [...new Set(tries)].map((at, n, all) => at - (all[n - 1] ?? at)).slice(1);
  expect(pauses.length).toBeGreaterThan(30);
  expect(pauses.length).toBeLessThan(100);
  expect(Math.max(...pauses)).toBeLessThan(21 * SECOND);
  expect(new Set(pauses).size).toBeGreaterThan(20);
});

test("a server that closes at once is not hammered", async () => {
  const world = new World();
  world.network.fate = () => "lost";
  const chat = world.enter("alice");

  chat.start();
  await world.pass(10 * MINUTE);

  expect(world.network.opened).toBeLessThan(100);
});

test("who is cut off stays away for as long as told, looks or not, and loses nothing", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  for (const socket of world.network.open) {
    socket.inject('{"type":"error","code":"rate_limited","message":"","retryAfterMs":60000}');
  }
  world.network.cut();
  room.send("later");
  await world.pass(10);
  const { connection } = chat;

  chat.reconnectNow();
  await world.pass(58 * SECOND);
  const { tried } = world.network;
  await world.pass(3 * SECOND);

  expect(connection).toMatchObject({ state: "waiting", reason: "cooldown" });
  expect(tried).toBe(1);
  expect(chat.connection).toEqual({ state: "open" });
  expect(texts(room)).toEqual(["later"]);
});

test("an unknown connection is replaced", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  world.server.refuse = [{ action: "sendMessage", code: "unauthorized", message: "" }];

  room.send("hello");
  await world.pass(MINUTE);

  expect(world.network.opened).toBe(2);
  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["hello"]);
});

test("frames that are no frames change nothing", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  const [socket] = world.network.open;

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
  await world.pass(SECOND);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["hello"]);
});

test("stops for good, and leaves no timer and no socket", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  room.send("hello");

  chat.stop();
  await world.pass(3 * HOUR);

  expect(chat.connection).toEqual({ state: "stopped" });
  expect(world.network.open.size).toBe(0);
  expect(world.clock.isIdle).toBe(true);
});

test("starts again where it stopped", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [chat, bobs] = await world.meet("bob");

  chat.stop();
  alices.send("missed");
  await world.pass(MINUTE);
  chat.start();
  await world.pass(SECOND);

  expect(texts(bobs)).toEqual(["missed"]);
  expect(bobs.hasDiscontinuity).toBe(false);
});

test("calls listeners back once for all that one task changed, until they end it", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  let calls = 0;
  const end = chat.subscribe(() => calls++);

  for (let n = 0; n < 5; n++) room.send(String(n));
  await world.pass(0);
  expect(calls).toBe(1);

  end();
  room.send("unheard");
  await world.pass(SECOND);
  expect(calls).toBe(1);
  expect(seqs(room)).toHaveLength(6);
});
