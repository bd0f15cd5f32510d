/** The members of a room, with lost and duplicate events. */

import { expect, test } from "vitest";
import type { Room } from "../index.ts";
import { HOUR, MINUTE, SECOND, Simulation } from "../testing/simulation.ts";

function names(room: Room): string[] {
  return room.members.map(({ name }) => name).sort();
}

test("members appear and disappear", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");

  const [bob] = await sim.join("bob");
  expect(names(room)).toEqual(["alice", "bob"]);
  bob.stop();
  await sim.advance(SECOND);

  expect(names(room)).toEqual(["alice"]);
  expect(room.memberCount).toBe(1);
});

test("a duplicate event counts once", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  sim.network.pushFault = () => "twice";

  await sim.join("bob");

  expect(names(room)).toEqual(["alice", "bob"]);
});

test("requests a member list that contradicts its count", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  sim.network.pushFault = () => "lost";
  await sim.join("bob");
  sim.network.pushFault = () => "none";

  await sim.join("carol");
  await sim.advance(5 * SECOND);

  expect(names(room)).toEqual(["alice", "bob", "carol"]);
  expect(sim.countRequests("listMembers")).toBe(1);
});

test("requests the members in time although no event follows a lost one", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  const [bob] = await sim.join("bob");
  sim.network.pushFault = () => "lost";

  bob.stop();
  await sim.advance(15 * MINUTE);

  expect(names(room)).toEqual(["alice"]);
});

test("has the current members after a reconnect", async () => {
  const sim = new Simulation();
  const [alice, room] = await sim.join("alice");
  alice.stop();
  await sim.join("bob");

  alice.start();
  await sim.advance(SECOND);

  expect(names(room)).toEqual(["alice", "bob"]);
});

test("requests the members of a quiet room rarely", async () => {
  const sim = new Simulation();
  await sim.join("alice");

  await sim.advance(HOUR);

  expect(sim.countRequests("listMembers")).toBeLessThan(16);
});
