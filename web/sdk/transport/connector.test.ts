/** Handshakes that fail: rejected or unreachable, and how often they are repeated. */

import { expect, test } from "vitest";
import type { Chat } from "../index.ts";
import { joinSignedIn } from "../testing/signed-in.ts";
import { HOUR, MINUTE, SECOND, Simulation, texts } from "../testing/simulation.ts";

const COOLDOWN = '{"type":"error","code":"rate_limited","message":"","retryAfterMs":60000}';

/** Return the set of connection states that the chat reports from now on. */
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

test("repeats a rejected handshake once with a new token", async () => {
  const [sim, issuer, chat] = await joinSignedIn();
  sim.network.revokedTokens.add(issuer.lastToken);
  await sim.advance(SECOND);

  sim.network.disconnect();
  await sim.advance(SECOND);

  expect(chat.connection.state).toBe("open");
  expect(issuer.requests).toEqual([false, false, true]);
  expect(sim.network.handshakes).toBe(3);
});

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  "does not report signedOut after half a minute of rejections, with seed %i",
  async (seed) => {
    const [sim, issuer, chat] = await joinSignedIn(seed);
    const states = statesOf(chat);
    issuer.requests.length = 0;
    sim.network.rejects = "alice";

    sim.network.disconnect();
    await sim.advance(40 * SECOND);
    expect(chat.connection).toMatchObject({ state: "waiting", reason: "rejected" });
    expect(sim.network.handshakes).toBeLessThan(25);
    sim.network.rejects = undefined;
    await sim.advance(21 * SECOND);

    expect(chat.connection.state).toBe("open");
    expect(states).not.toContain("signedOut rejected");
    expect(issuer.requests.filter((fresh) => fresh)).toHaveLength(1);
  },
);

test("reports signedOut after 45 seconds of rejections and tries rarely", async () => {
  const [sim, issuer, chat, room] = await joinSignedIn();
  sim.network.rejects = "alice";
  issuer.requests.length = 0;

  sim.network.disconnect();
  room.send("missed");
  await sim.advance(66 * SECOND);
  const now = sim.clock.now();
  expect(chat.connection).toMatchObject({ state: "signedOut", reason: "rejected" });
  if (!("retryAt" in chat.connection)) throw new Error("it says when it tries again");
  expect(chat.connection.retryAt - now).toBeLessThanOrEqual(MINUTE);
  const states = statesOf(chat);
  const { handshakes } = sim.network;
  await sim.advance(HOUR);

  // Attempts do not change the reported state.
  expect([...states]).toEqual(["signedOut rejected"]);
  expect(sim.network.handshakes - handshakes).toBeGreaterThanOrEqual(60);
  expect(sim.network.handshakes - handshakes).toBeLessThanOrEqual(120);
  expect(issuer.requests.filter((fresh) => fresh).length).toBeGreaterThan(1);
  expect(issuer.requests.filter((fresh) => fresh).length).toBeLessThanOrEqual(7);
  expect(room.outgoing).toMatchObject([{ text: "missed", state: "pending" }]);
});

test("reconnects by itself after the rejections end", async () => {
  const [sim, , chat, room] = await joinSignedIn();
  sim.network.rejects = "alice";
  sim.network.disconnect();
  room.send("later");
  await sim.advance(2 * MINUTE);
  expect(chat.connection.state).toBe("signedOut");

  sim.network.rejects = undefined;
  await sim.advance(MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["later"]);
});

test("reconnectNow tries at once with a new token", async () => {
  const [sim, issuer, chat, room] = await joinSignedIn();
  sim.network.rejects = "alice";
  sim.network.disconnect();
  room.send("later");
  await sim.advance(2 * MINUTE);
  issuer.requests.length = 0;

  chat.reconnectNow();
  expect(chat.connection.state).toBe("connecting");
  await sim.advance(SECOND);
  expect(chat.connection).toMatchObject({ state: "signedOut", reason: "rejected" });
  sim.network.rejects = undefined;
  chat.reconnectNow();
  await sim.advance(SECOND);

  expect(issuer.requests).toEqual([true, true]);
  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["later"]);
});

test("a visible page makes the chat try at once without a new token", async () => {
  const [sim, issuer, chat] = await joinSignedIn();
  sim.network.rejects = "alice";
  sim.network.disconnect();
  await sim.advance(2 * MINUTE);
  const states = statesOf(chat);
  const { handshakes } = sim.network;
  issuer.requests.length = 0;

  sim.connectivity.change();
  await sim.advance(SECOND);

  expect(sim.network.handshakes).toBe(handshakes + 1);
  expect(issuer.requests).toEqual([false]);
  expect([...states]).toEqual(["signedOut rejected"]);
});

test("an unreachable chat ends the series of rejections", async () => {
  const [sim, , chat] = await joinSignedIn();
  const states = statesOf(chat);
  sim.network.rejects = "alice";
  sim.network.disconnect();
  await sim.advance(30 * SECOND);

  sim.network.isReachable = false;
  await sim.advance(30 * SECOND);
  expect(chat.connection).toMatchObject({ state: "waiting", reason: "unreachable" });
  sim.network.isReachable = true;
  await sim.advance(30 * SECOND);

  expect(chat.connection).toMatchObject({ state: "waiting", reason: "rejected" });
  expect(states).not.toContain("signedOut rejected");
});

test("a rejected guest waits and reconnects soon after the rejections end", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  const states = statesOf(chat);
  sim.network.rejects = "alice";

  sim.network.disconnect();
  room.send("later");
  await sim.advance(10 * MINUTE);
  expect(chat.connection).toMatchObject({ state: "waiting", reason: "rejected" });
  expect([...states].filter((state) => state.startsWith("signedOut"))).toEqual([]);
  // The query, which has the guest's key, is not sent.
  expect(new Set(sim.network.reachedUrls)).toEqual(new Set(["ws://chat.test/live"]));
  sim.network.rejects = undefined;
  await sim.advance(MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["later"]);
});

test("sends no HTTP request for a guest whose network fails briefly", async () => {
  const sim = new Simulation();
  const [chat] = await sim.join("alice");

  for (let tunnel = 0; tunnel < 5; tunnel++) {
    sim.network.disconnect();
    await sim.advance(MINUTE);
  }

  expect(chat.connection.state).toBe("open");
  expect(sim.network.reachedUrls).toEqual([]);
});

test("reports unreachable to a guest", async () => {
  const sim = new Simulation();
  const [chat] = await sim.join("alice");
  sim.network.isReachable = false;

  sim.network.disconnect();
  await sim.advance(10 * MINUTE);

  expect(chat.connection).toMatchObject({ state: "waiting", reason: "unreachable" });
});

test("a cooldown does not sign the user out, and no action shortens it", async () => {
  const [sim, issuer, chat, room] = await joinSignedIn();
  for (const socket of sim.network.openSockets) socket.inject(COOLDOWN);
  sim.network.rejects = "alice";
  issuer.requests.length = 0;

  sim.network.disconnect();
  await sim.advance(0);
  const states = statesOf(chat);
  room.send("later");
  await sim.advance(20 * SECOND);
  chat.reconnectNow();
  sim.connectivity.change();
  await sim.advance(20 * SECOND);
  expect([...states]).toEqual(["waiting cooldown"]);
  chat.stop();
  chat.start();
  await sim.advance(19 * SECOND);

  expect(chat.connection).toMatchObject({ state: "waiting", reason: "cooldown" });
  expect([issuer.requests, sim.network.handshakes]).toEqual([[], 1]);
  sim.network.rejects = undefined;
  await sim.advance(2 * SECOND);
  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["later"]);
});

test("an unreachable chat does not sign the user out", async () => {
  const [sim, issuer, chat] = await joinSignedIn();
  sim.network.isReachable = false;

  sim.network.disconnect();
  await sim.advance(20 * MINUTE);
  expect(chat.connection).toMatchObject({ state: "waiting" });
  expect(issuer.requests).not.toContain(true);

  sim.network.isReachable = true;
  await sim.advance(MINUTE);
  expect(chat.connection.state).toBe("open");
});

test("an unreachable issuer does not sign the user out", async () => {
  const [sim, issuer, chat] = await joinSignedIn();
  issuer.isDown = true;

  sim.network.disconnect();
  await sim.advance(10 * MINUTE);
  expect(chat.connection).toMatchObject({ state: "waiting" });
  expect(sim.network.handshakes).toBe(1);

  issuer.isDown = false;
  await sim.advance(MINUTE);
  expect(chat.connection.state).toBe("open");
});
