/** People who sign in: tokens for each connection, renewed in time. */

import { expect, test } from "vitest";
import { LIFE } from "../testing/server.ts";
import { signedIn } from "../testing/signed-in.ts";
import { Issuer } from "../testing/tokens.ts";
import { HOUR, MINUTE, SECOND, World, texts } from "../testing/world.ts";

test("is who the token says", async () => {
  const [, issuer, chat] = await signedIn();

  expect(chat.connection).toEqual({ state: "open" });
  expect(chat.me).toEqual({ userId: "alice", name: "alice" });
  expect(issuer.asked).toEqual([false]);
});

test("asks for a token before each connection", async () => {
  const [world, issuer, chat] = await signedIn();

  world.network.cut();
  await world.pass(MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(issuer.asked).toEqual([false, false]);
});

test("a token that is slow to come holds nothing up but the connection", async () => {
  const world = new World();
  const issuer = new Issuer(world.clock);
  const give = issuer.for("alice");
  const chat = world.carry((want) => {
    return new Promise((resolve) => {
      world.clock.after(5 * SECOND, () => {
        resolve(give(want));
      });
    });
  });
  chat.start();
  await world.pass(SECOND);
  expect(chat.connection.state).toBe("connecting");

  await world.pass(5 * SECOND);
  expect(chat.connection.state).toBe("open");
});

test("a chat that stops while a token is on its way connects no more", async () => {
  const world = new World();
  const give = new Issuer(world.clock).for("alice");
  let deliver = (): void => undefined;
  const chat = world.carry(async (want) => {
    await new Promise<void>((resolve) => (deliver = resolve));
    return give(want);
  });
  chat.start();
  await world.pass(SECOND);

  chat.stop();
  deliver();
  await world.pass(MINUTE);

  expect(world.network.tried).toBe(0);
  expect(world.clock.isIdle).toBe(true);
});

test("signs out on the open connection, and connects no more", async () => {
  const [world, , chat] = await signedIn();

  const signedOut = chat.signOut();
  await world.pass(SECOND);
  await signedOut;
  await world.pass(MINUTE);

  expect(world.server.asked.at(-1)?.action).toBe("signOut");
  expect(chat.connection).toEqual({ state: "stopped" });
  expect(world.network.open.size).toBe(0);
});

test("a sign-out waits for nothing that is still to be said", async () => {
  const [world, , chat, room] = await signedIn();
  for (let n = 0; n < 50; n++) room.send(String(n));

  const signedOut = chat.signOut();
  await world.pass(SECOND);
  await signedOut;

  const said = world.server.asked.filter(({ action }) => action === "sendMessage");
  expect(said.length).toBeLessThan(5);
});

test("without a connection nobody hears of a sign-out, and whoever asks is told", async () => {
  const [world, , chat] = await signedIn();
  world.network.isReachable = false;
  world.network.cut();

  const signedOut = chat.signOut().catch((error: unknown) => error);
  await world.pass(MINUTE);

  expect(await signedOut).toMatchObject({ code: "disconnected" });
});

test("renews on the open connection, in time, for as long as a connection may live", async () => {
  const [world, issuer, chat, room] = await signedIn();
  const states = new Set<string>();
  chat.subscribe(() => states.add(chat.connection.state));

  await world.pass(LIFE - 6 * MINUTE);
  expect(world.network.opened).toBe(1);
  expect(world.asked("renew")).toBeGreaterThanOrEqual(2);
  expect(issuer.asked.slice(1).every((fresh) => fresh)).toBe(true);

  await world.pass(22 * HOUR);
  room.send("still here");
  await world.pass(SECOND);
  expect([...states]).toEqual(["open"]);
  expect(texts(room)).toEqual(["still here"]);
  expect(world.network.opened).toBeLessThanOrEqual(13);
});

test("not everybody renews at the same moment", async () => {
  const moments = new Set<number>();
  for (let seed = 0; seed < 10; seed++) {
    const [world] = await signedIn(seed);
    while (world.asked("renew") === 0) await world.pass(SECOND);
    moments.add(Math.round(world.clock.now() / SECOND));
  }

  expect(moments.size).toBeGreaterThan(7);
});

test("a server that cannot renew gets another connection with the fresh token", async () => {
  const [world, , chat, room] = await signedIn();
  world.server.renews = false;
  const states = new Set<string>();
  chat.subscribe(() => states.add(chat.connection.state).add(room.status));

  await world.pass(HOUR);

  expect([...states]).toEqual(["open", "joined"]);
  expect(world.asked("renew")).toBe(1);
  expect(world.network.opened).toBe(2);
  expect(world.network.open.size).toBe(1);
});

test("a renewal that fails for a moment is tried again", async () => {
  const [world, issuer, chat] = await signedIn();
  await world.pass(49 * MINUTE);
  world.server.refuse = [{ action: "renew", code: "internal", retryAfterMs: 100 }];
  issuer.isDown = true;
  await world.pass(7 * MINUTE);
  expect(issuer.asked.length).toBeGreaterThan(5);

  issuer.isDown = false;
  await world.pass(30 * MINUTE);

  expect(world.server.refuse).toEqual([]);
  expect(chat.connection.state).toBe("open");
  expect(world.network.opened).toBe(1);
});

test("a token that cannot be renewed ends the connection, and says that one is signed out", async () => {
  const [world, issuer, chat, room] = await signedIn();
  issuer.hasSignedOut = true;
  room.send("before");

  await world.pass(HOUR + MINUTE);
  const { tried } = world.network;
  await world.pass(HOUR);

  expect(chat.connection).toEqual({ state: "signedOut", reason: "noToken" });
  expect(world.network.tried).toBe(tried);
  expect(texts(room)).toEqual(["before"]);
});

test("a renewal that the server refuses ends in a connection with another token", async () => {
  const [world, , chat] = await signedIn();
  world.server.refuse = [{ action: "renew", code: "unauthorized" }];

  await world.pass(HOUR - MINUTE);

  expect(chat.connection.state).toBe("open");
  expect(world.network.opened).toBe(2);
});

test("a token that always ends soon is no reason to connect without end", async () => {
  const world = new World();
  const token = `alice.${String(world.clock.now() + 10 * MINUTE)}`;
  const chat = world.carry(() => Promise.resolve(token));

  chat.start();
  await world.pass(9 * MINUTE + 59 * SECOND);
  expect(chat.connection.state).toBe("open");
  await world.pass(SECOND);

  expect(world.network.opened).toBeLessThan(10);
});
