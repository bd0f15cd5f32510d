/** Handshakes that fail: whether somebody says no, or nobody is there; and for how long one tries. */

import { expect, test } from "vitest";
import type { Chat } from "../index.ts";
import { signedIn } from "../testing/signed-in.ts";
import { HOUR, MINUTE, SECOND, World, texts } from "../testing/world.ts";

const CUT_OFF = '{"type":"error","code":"rate_limited","message":"","retryAfterMs":60000}';

/** What a chat says of its connection from now on. */
function statesOf(chat: Chat): Set<string> {
  const states = new Set<string>();
  chat.subscribe(() => {
    const { connection } = chat;
    states.add(
      [connection.state, ...("reason" in connection ? [connection.reason] : [])].join(" "),
    );
  });
  return states;
}

test("a refused handshake is tried once more with a fresh token", async () => {
  const [world, issuer, chat] = await signedIn();
  world.network.revoked.add(issuer.kept);
  await world.pass(SECOND);

  world.network.cut();
  await world.pass(SECOND);

  expect(chat.connection.state).toBe("open");
  expect(issuer.asked).toEqual([false, false, true]);
  expect(world.network.tried).toBe(3);
});

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  "a refusal of half a minute signs nobody out, whatever the dice say: %i",
  async (seed) => {
    const [world, issuer, chat] = await signedIn(seed);
    const states = statesOf(chat);
    issuer.asked.length = 0;
    world.network.refuses = "alice";

    world.network.cut();
    await world.pass(40 * SECOND);
    expect(chat.connection).toMatchObject({ state: "waiting", reason: "rejected" });
    expect(world.network.tried).toBeLessThan(25);
    world.network.refuses = undefined;
    await world.pass(21 * SECOND);

    expect(chat.connection.state).toBe("open");
    expect(states).not.toContain("signedOut rejected");
    expect(issuer.asked.filter((fresh) => fresh)).toHaveLength(1);
  },
);

test("who is refused for most of a minute is told so, and is tried now and then", async () => {
  const [world, issuer, chat, room] = await signedIn();
  world.network.refuses = "alice";
  issuer.asked.length = 0;

  world.network.cut();
  room.send("unheard");
  await world.pass(66 * SECOND);
  const now = world.clock.now();
  expect(chat.connection).toMatchObject({ state: "signedOut", reason: "rejected" });
  if (!("retryAt" in chat.connection)) throw new Error("it says when it tries again");
  expect(chat.connection.retryAt - now).toBeLessThanOrEqual(MINUTE);
  const states = statesOf(chat);
  const { tried } = world.network;
  await world.pass(HOUR);

  // That it is tried is no news.
  expect([...states]).toEqual(["signedOut rejected"]);
  expect(world.network.tried - tried).toBeGreaterThanOrEqual(60);
  expect(world.network.tried - tried).toBeLessThanOrEqual(120);
  expect(issuer.asked.filter((fresh) => fresh).length).toBeGreaterThan(1);
  expect(issuer.asked.filter((fresh) => fresh).length).toBeLessThanOrEqual(7);
  expect(room.outgoing).toMatchObject([{ text: "unheard", state: "pending" }]);
});

test("who is let in again goes on where they were, by themselves", async () => {
  const [world, , chat, room] = await signedIn();
  world.network.refuses = "alice";
  world.network.cut();
  room.send("later");
  await world.pass(2 * MINUTE);
  expect(chat.connection.state).toBe("signedOut");

  world.network.refuses = undefined;
  await world.pass(MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["later"]);
});

test("who asks is tried at once, with a fresh token", async () => {
  const [world, issuer, chat, room] = await signedIn();
  world.network.refuses = "alice";
  world.network.cut();
  room.send("later");
  await world.pass(2 * MINUTE);
  issuer.asked.length = 0;

  chat.reconnectNow();
  expect(chat.connection.state).toBe("connecting");
  await world.pass(SECOND);
  expect(chat.connection).toMatchObject({ state: "signedOut", reason: "rejected" });
  world.network.refuses = undefined;
  chat.reconnectNow();
  await world.pass(SECOND);

  expect(issuer.asked).toEqual([true, true]);
  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["later"]);
});

test("who only looks is tried at once, and the issuer is not troubled", async () => {
  const [world, issuer, chat] = await signedIn();
  world.network.refuses = "alice";
  world.network.cut();
  await world.pass(2 * MINUTE);
  const states = statesOf(chat);
  const { tried } = world.network;
  issuer.asked.length = 0;

  world.connectivity.change();
  await world.pass(SECOND);

  expect(world.network.tried).toBe(tried + 1);
  expect(issuer.asked).toEqual([false]);
  expect([...states]).toEqual(["signedOut rejected"]);
});

test("refusals count in a row: nobody there is another matter", async () => {
  const [world, , chat] = await signedIn();
  const states = statesOf(chat);
  world.network.refuses = "alice";
  world.network.cut();
  await world.pass(30 * SECOND);

  world.network.isReachable = false;
  await world.pass(30 * SECOND);
  expect(chat.connection).toMatchObject({ state: "waiting", reason: "unreachable" });
  world.network.isReachable = true;
  await world.pass(30 * SECOND);

  expect(chat.connection).toMatchObject({ state: "waiting", reason: "rejected" });
  expect(states).not.toContain("signedOut rejected");
});

test("a guest who is not let in is told so, and is let in as soon as may be", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  const states = statesOf(chat);
  world.network.refuses = "alice";

  world.network.cut();
  room.send("later");
  await world.pass(10 * MINUTE);
  expect(chat.connection).toMatchObject({ state: "waiting", reason: "rejected" });
  expect([...states].filter((state) => state.startsWith("signedOut"))).toEqual([]);
  // The key is nobody's who logs addresses.
  expect(new Set(world.network.reached)).toEqual(new Set(["ws://chat.test/live"]));
  world.network.refuses = undefined;
  await world.pass(MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["later"]);
});

test("a guest whose network comes and goes asks nothing by HTTP", async () => {
  const world = new World();
  const [chat] = await world.meet("alice");

  for (let tunnel = 0; tunnel < 5; tunnel++) {
    world.network.cut();
    await world.pass(MINUTE);
  }

  expect(chat.connection.state).toBe("open");
  expect(world.network.reached).toEqual([]);
});

test("a guest's chat that is out of reach is that", async () => {
  const world = new World();
  const [chat] = await world.meet("alice");
  world.network.isReachable = false;

  world.network.cut();
  await world.pass(10 * MINUTE);

  expect(chat.connection).toMatchObject({ state: "waiting", reason: "unreachable" });
});

test("who signs in and is cut off is not signed out by that, whatever they do meanwhile", async () => {
  const [world, issuer, chat, room] = await signedIn();
  for (const socket of world.network.open) socket.inject(CUT_OFF);
  world.network.refuses = "alice";
  issuer.asked.length = 0;

  world.network.cut();
  await world.pass(0);
  const states = statesOf(chat);
  room.send("later");
  await world.pass(20 * SECOND);
  chat.reconnectNow();
  world.connectivity.change();
  await world.pass(20 * SECOND);
  expect([...states]).toEqual(["waiting cooldown"]);
  chat.stop();
  chat.start();
  await world.pass(19 * SECOND);

  expect(chat.connection).toMatchObject({ state: "waiting", reason: "cooldown" });
  expect([issuer.asked, world.network.tried]).toEqual([[], 1]);
  world.network.refuses = undefined;
  await world.pass(2 * SECOND);
  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["later"]);
});

test("a chat that is out of reach signs nobody out", async () => {
  const [world, issuer, chat] = await signedIn();
  world.network.isReachable = false;

  world.network.cut();
  await world.pass(20 * MINUTE);
  expect(chat.connection).toMatchObject({ state: "waiting" });
  expect(issuer.asked).not.toContain(true);

  world.network.isReachable = true;
  await world.pass(MINUTE);
  expect(chat.connection.state).toBe("open");
});

test("an issuer that is out of reach signs nobody out", async () => {
  const [world, issuer, chat] = await signedIn();
  issuer.isDown = true;

  world.network.cut();
  await world.pass(10 * MINUTE);
  expect(chat.connection).toMatchObject({ state: "waiting" });
  expect(world.network.tried).toBe(1);

  issuer.isDown = false;
  await world.pass(MINUTE);
  expect(chat.connection.state).toBe("open");
});
