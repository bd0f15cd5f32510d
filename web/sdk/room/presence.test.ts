/** Who is in a room, whatever becomes of the events. */

import { expect, test } from "vitest";
import type { Room } from "../index.ts";
import { HOUR, MINUTE, SECOND, World } from "../testing/world.ts";

function names(room: Room): string[] {
  return room.members.map(({ name }) => name).sort();
}

test("people come and go", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");

  const [bob] = await world.meet("bob");
  expect(names(room)).toEqual(["alice", "bob"]);
  bob.stop();
  await world.pass(SECOND);

  expect(names(room)).toEqual(["alice"]);
  expect(room.memberCount).toBe(1);
});

test("an event that comes twice counts once", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  world.network.pushFate = () => "twice";

  await world.meet("bob");

  expect(names(room)).toEqual(["alice", "bob"]);
});

test("a list that contradicts its count is asked for", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  world.network.pushFate = () => "lost";
  await world.meet("bob");
  world.network.pushFate = () => "fine";

  await world.meet("carol");
  await world.pass(5 * SECOND);

  expect(names(room)).toEqual(["alice", "bob", "carol"]);
  expect(world.asked("listMembers")).toBe(1);
});

test("a lost event is healed in time though nobody comes after", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  const [bob] = await world.meet("bob");
  world.network.pushFate = () => "lost";

  bob.stop();
  await world.pass(15 * MINUTE);

  expect(names(room)).toEqual(["alice"]);
});

test("a reconnect brings the list of the moment", async () => {
  const world = new World();
  const [alice, room] = await world.meet("alice");
  alice.stop();
  await world.meet("bob");

  alice.start();
  await world.pass(SECOND);

  expect(names(room)).toEqual(["alice", "bob"]);
});

test("a quiet room's members are not asked for all the time", async () => {
  const world = new World();
  await world.meet("alice");

  await world.pass(HOUR);

  expect(world.asked("listMembers")).toBeLessThan(16);
});
