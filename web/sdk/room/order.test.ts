/** Pushes may be lost, duplicate, late or reordered. The timeline shows the log. */

import { expect, test } from "vitest";
import { HOUR, MINUTE, SECOND, Simulation, seqs, texts } from "../testing/simulation.ts";

test("shows duplicate, late and reordered pushes once and in order", async () => {
  const sim = new Simulation(4);
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");
  sim.network.pushDelay = () => 600 * sim.random();
  sim.network.pushFault = () => (sim.random() < 0.5 ? "late" : "twice");

  for (let n = 0; n < 30; n++) aliceRoom.send(String(n));
  await sim.advance(MINUTE);

  expect(seqs(bobRoom)).toEqual(sim.tea.log.map(({ seq }) => seq));
});

test("waits a second for a gap, then requests history", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");
  const faults = ["none", "lost"] as const;
  let pushed = 0;
  sim.network.pushFault = () => faults[++pushed] ?? "none";

  for (const text of ["one", "two", "three"]) aliceRoom.send(text);
  pushed = 0;
  await sim.advance(900);
  expect(texts(bobRoom)).not.toContain("three");
  expect(sim.countRequests("getHistory")).toBe(0);
  await sim.advance(SECOND);

  expect(texts(bobRoom)).toEqual(["one", "two", "three"]);
  expect(sim.countRequests("getHistory")).toBe(1);
});

test("a seq without a message delays others for that second only", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");

  aliceRoom.send("one");
  await sim.advance(SECOND);
  sim.tea.lastSeq += 3;
  aliceRoom.send("two");
  await sim.advance(2 * SECOND);

  for (const room of [aliceRoom, bobRoom]) expect(seqs(room)).toEqual([1, 5]);
  expect(aliceRoom.outgoing).toEqual([]);
});

test("an acknowledged message above a gap stays outgoing until it is shown", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  sim.tea.lastSeq += 3;

  room.send("hello");
  await sim.advance(500);
  expect(room.outgoing).toMatchObject([{ text: "hello", state: "sent" }]);
  await sim.advance(2 * SECOND);

  expect(room.outgoing).toEqual([]);
  expect(texts(room)).toEqual(["hello"]);
});

test("requests history for a lost push although no message follows it", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");
  sim.network.pushFault = () => "lost";

  aliceRoom.send("hello");
  await sim.advance(31 * SECOND);

  expect(texts(bobRoom)).toEqual(["hello"]);
});

test("requests history of a quiet room less and less often, but before the idle limit", async () => {
  const sim = new Simulation();
  await sim.join("alice");

  await sim.advance(HOUR);

  expect(sim.countRequests("getHistory")).toBeLessThan(20);
  expect(sim.countRequests("getHistory")).toBeGreaterThan(12);
});

test("shows a push that arrives before the reply to joinRoom", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  sim.network.replyDelay = ({ action }) => (action === "joinRoom" ? 500 : 0);
  const bob = await sim.connect("bob");

  const joined = bob.joinRoom("tea");
  await sim.advance(100);
  aliceRoom.send("hello");
  const bobRoom = await sim.settle(joined);

  expect(texts(bobRoom)).toEqual(["hello"]);
  expect(sim.countRequests("getHistory")).toBe(0);
});

test("requests history soon after activity that follows a long silence", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");
  await sim.advance(HOUR);

  aliceRoom.send("received");
  await sim.advance(SECOND);
  sim.network.pushFault = () => "lost";
  aliceRoom.send("missed");
  await sim.advance(31 * SECOND);

  expect(texts(bobRoom)).toEqual(["received", "missed"]);
});
