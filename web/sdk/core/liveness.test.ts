/** The detection of dead connections. */

import { expect, test } from "vitest";
import { HOUR, MINUTE, SECOND, Simulation, texts } from "../testing/simulation.ts";

test("reconnects at once when the network is back", async () => {
  const sim = new Simulation();
  const [chat] = await sim.join("alice");
  sim.network.isReachable = false;
  sim.network.disconnect();
  sim.connectivity.change(false);
  await sim.advance(5 * MINUTE);
  expect(chat.connection.state).toBe("offline");

  sim.network.isReachable = true;
  sim.connectivity.change(true);
  await sim.advance(100);

  expect(chat.connection.state).toBe("open");
});

test("sends pings before the idle limit, in a room and outside", async () => {
  const sim = new Simulation();
  const chat = await sim.connect("alice");
  let last = sim.clock.now();
  let longest = 0;
  sim.network.requestFault = () => {
    longest = Math.max(longest, sim.clock.now() - last);
    last = sim.clock.now();
    return "none";
  };

  await sim.advance(HOUR);

  expect(chat.connection.state).toBe("open");
  expect(sim.network.openedCount).toBe(1);
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThan(9 * MINUTE);
});

test("detects a dead connection soon after sleep and receives the missed messages", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");
  sim.network.freeze();
  sim.clock.sleep(HOUR);

  aliceRoom.send("hello");
  await sim.advance(10 * SECOND);

  expect(texts(bobRoom)).toEqual(["hello"]);
});

test("detects a dead connection by a request without a reply", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  sim.network.freeze();

  room.send("hello");
  await sim.advance(40 * SECOND);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["hello"]);
});

test("detects a dead connection within seconds if a request is pending when the network changes", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  sim.network.freeze();

  room.send("hello");
  await sim.advance(SECOND);
  sim.connectivity.change();
  await sim.advance(7 * SECOND);

  expect(texts(room)).toEqual(["hello"]);
});

test("checks the connection and requests history when the page becomes visible", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");
  await sim.advance(HOUR + 2 * MINUTE);
  sim.network.pushFault = () => "lost";
  aliceRoom.send("hello");
  await sim.advance(SECOND);

  sim.connectivity.change();
  await sim.advance(SECOND);

  expect(texts(bobRoom)).toEqual(["hello"]);
});

test("sends few requests when the page becomes visible often", async () => {
  const sim = new Simulation();
  await sim.join("alice");
  const before = sim.server.requests.length;

  for (let n = 0; n < 10; n++) {
    sim.connectivity.change();
    await sim.advance(SECOND);
  }

  expect(sim.countRequests("getHistory")).toBe(0);
  expect(sim.server.requests.length - before).toBeLessThanOrEqual(10);
});
