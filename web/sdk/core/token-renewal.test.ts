/** Users who sign in: a token for each connection, renewed in time. */

import { expect, test } from "vitest";
import { CONNECTION_LIFE } from "../testing/server.ts";
import { joinSignedIn } from "../testing/signed-in.ts";
import { FakeIssuer } from "../testing/tokens.ts";
import { HOUR, MINUTE, SECOND, Simulation, texts } from "../testing/simulation.ts";

test("is the user of the token", async () => {
  const [, issuer, chat] = await joinSignedIn();

  expect(chat.connection).toEqual({ state: "open" });
  expect(chat.me).toEqual({ userId: "alice", name: "alice" });
  expect(issuer.requests).toEqual([false]);
});

test("requests a token before each connection", async () => {
  const [sim, issuer, chat] = await joinSignedIn();

  sim.network.disconnect();
  await sim.advance(MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(issuer.requests).toEqual([false, false]);
});

test("waits for a slow token", async () => {
  const sim = new Simulation();
  const issuer = new FakeIssuer(sim.clock);
  const give = issuer.sourceFor("alice");
  const chat = sim.newChatWithTokens((want) => {
    return new Promise((resolve) => {
      sim.clock.after(5 * SECOND, () => {
        resolve(give(want));
      });
    });
  });
  chat.start();
  await sim.advance(SECOND);
  expect(chat.connection.state).toBe("connecting");

  await sim.advance(5 * SECOND);
  expect(chat.connection.state).toBe("open");
});

test("does not connect if it stops while a token is requested", async () => {
  const sim = new Simulation();
  const give = new FakeIssuer(sim.clock).sourceFor("alice");
  let deliver = (): void => undefined;
  const chat = sim.newChatWithTokens(async (want) => {
    await new Promise<void>((resolve) => (deliver = resolve));
    return give(want);
  });
  chat.start();
  await sim.advance(SECOND);

  chat.stop();
  deliver();
  await sim.advance(MINUTE);

  expect(sim.network.handshakes).toBe(0);
  expect(sim.clock.isIdle).toBe(true);
});

test("signs out on the open connection and does not reconnect", async () => {
  const [sim, , chat] = await joinSignedIn();

  const signedOut = chat.signOut();
  await sim.advance(SECOND);
  await signedOut;
  await sim.advance(MINUTE);

  expect(sim.server.requests.at(-1)?.action).toBe("signOut");
  expect(chat.connection).toEqual({ state: "stopped" });
  expect(sim.network.openSockets.size).toBe(0);
});

test("signs out before the pending messages are sent", async () => {
  const [sim, , chat, room] = await joinSignedIn();
  for (let n = 0; n < 50; n++) room.send(String(n));

  const signedOut = chat.signOut();
  await sim.advance(SECOND);
  await signedOut;

  const said = sim.server.requests.filter(({ action }) => action === "sendMessage");
  expect(said.length).toBeLessThan(5);
});

test("rejects signOut without a connection", async () => {
  const [sim, , chat] = await joinSignedIn();
  sim.network.isReachable = false;
  sim.network.disconnect();

  const signedOut = chat.signOut().catch((error: unknown) => error);
  await sim.advance(MINUTE);

  expect(await signedOut).toMatchObject({ code: "disconnected" });
});

test("renews the open connection in time until the maximum life of a connection", async () => {
  const [sim, issuer, chat, room] = await joinSignedIn();
  const states = new Set<string>();
  chat.subscribe(() => states.add(chat.connection.state));

  await sim.advance(CONNECTION_LIFE - 6 * MINUTE);
  expect(sim.network.openedCount).toBe(1);
  expect(sim.countRequests("renew")).toBeGreaterThanOrEqual(2);
  expect(issuer.requests.slice(1).every((fresh) => fresh)).toBe(true);

  await sim.advance(22 * HOUR);
  room.send("still here");
  await sim.advance(SECOND);
  expect([...states]).toEqual(["open"]);
  expect(texts(room)).toEqual(["still here"]);
  expect(sim.network.openedCount).toBeLessThanOrEqual(13);
});

test("clients renew at different times", async () => {
  const moments = new Set<number>();
  for (let seed = 0; seed < 10; seed++) {
    const [sim] = await joinSignedIn(seed);
    while (sim.countRequests("renew") === 0) await sim.advance(SECOND);
    moments.add(Math.round(sim.clock.now() / SECOND));
  }

  expect(moments.size).toBeGreaterThan(7);
});

test("opens another connection with the new token if the server does not know renew", async () => {
  const [sim, , chat, room] = await joinSignedIn();
  sim.server.canRenew = false;
  const states = new Set<string>();
  chat.subscribe(() => states.add(chat.connection.state).add(room.status));

  await sim.advance(HOUR);

  expect([...states]).toEqual(["open", "joined"]);
  expect(sim.countRequests("renew")).toBe(1);
  expect(sim.network.openedCount).toBe(2);
  expect(sim.network.openSockets.size).toBe(1);
});

test("repeats a renewal that failed", async () => {
  const [sim, issuer, chat] = await joinSignedIn();
  await sim.advance(49 * MINUTE);
  sim.server.failNext = [{ action: "renew", code: "internal", retryAfterMs: 100 }];
  issuer.isDown = true;
  await sim.advance(7 * MINUTE);
  expect(issuer.requests.length).toBeGreaterThan(5);

  issuer.isDown = false;
  await sim.advance(30 * MINUTE);

  expect(sim.server.failNext).toEqual([]);
  expect(chat.connection.state).toBe("open");
  expect(sim.network.openedCount).toBe(1);
});

test("reports signedOut when the connection of a token that cannot be renewed ends", async () => {
  const [sim, issuer, chat, room] = await joinSignedIn();
  issuer.hasSignedOut = true;
  room.send("before");

  await sim.advance(HOUR + MINUTE);
  const { handshakes } = sim.network;
  await sim.advance(HOUR);

  expect(chat.connection).toEqual({ state: "signedOut", reason: "noToken" });
  expect(sim.network.handshakes).toBe(handshakes);
  expect(texts(room)).toEqual(["before"]);
});

test("opens another connection if the server refuses the renewal", async () => {
  const [sim, , chat] = await joinSignedIn();
  sim.server.failNext = [{ action: "renew", code: "unauthorized" }];

  await sim.advance(HOUR - MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(sim.network.openedCount).toBe(2);
});

test("does not reconnect often for a token that always ends soon", async () => {
  const sim = new Simulation();
  const token = `alice.${String(sim.clock.now() + 10 * MINUTE)}`;
  const chat = sim.newChatWithTokens(() => Promise.resolve(token));

  chat.start();
  await sim.advance(9 * MINUTE + 59 * SECOND);
  expect(chat.connection.state).toBe("open");
  await sim.advance(SECOND);

  expect(sim.network.openedCount).toBeLessThan(10);
});
