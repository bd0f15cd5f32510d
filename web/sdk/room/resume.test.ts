/** Whoever was away gets all that was missed, or is told that it cannot be had. */

import { expect, test } from "vitest";
import type { Room } from "../index.ts";
import { HOUR, MINUTE, SECOND, World, seqs, texts } from "../testing/world.ts";

/** Alice and Bob are in a room, where Alice has spoken. */
async function meet(page: number): Promise<[World, Room, Room]> {
  const world = new World();
  world.server.page = page;
  const [, alices] = await world.meet("alice");
  alices.send("seen");
  await world.pass(SECOND);
  const [, bobs] = await world.meet("bob");
  return [world, alices, bobs];
}

async function miss(world: World, alices: Room, count: number, ms = SECOND): Promise<void> {
  world.network.refuses = "bob";
  world.network.cut("bob");
  for (let n = 0; n < count; n++) alices.send(`missed ${n}`);
  await world.pass(count * 100 + ms);
  world.network.refuses = undefined;
  world.connectivity.change();
}

test.each([0, 1, 3, 4, 10])("after %i missed messages the view goes on", async (missed) => {
  const [world, alices, bobs] = await meet(3);

  await miss(world, alices, missed);
  await world.pass(2 * SECOND);

  expect(texts(bobs)).toEqual(["seen", ...Array.from({ length: missed }, (_, n) => `missed ${n}`)]);
  expect(bobs.hasDiscontinuity).toBe(false);
});

test("a thousand missed messages are caught up with, page after page", async () => {
  const [world, alices, bobs] = await meet(100);

  await miss(world, alices, 1_000);
  await world.pass(2 * SECOND);

  expect(seqs(bobs)).toEqual(Array.from({ length: 1_001 }, (_, n) => n + 1));
  expect(bobs.hasDiscontinuity).toBe(false);
});

test("messages that keep coming meanwhile are neither lost nor shown twice", async () => {
  const [world, alices, bobs] = await meet(3);
  await miss(world, alices, 30);

  for (let n = 0; n < 60; n++) {
    alices.send(`meanwhile ${n}`);
    await world.pass(20 + 200 * world.random());
  }
  await world.pass(MINUTE);

  expect(seqs(bobs)).toEqual(world.tea.log.map(({ seq }) => seq));
  expect(bobs.messages).toHaveLength(91);
});

test.each([0, 2])("beyond retention, with %i said later, the view begins anew", async (later) => {
  const [world, alices, bobs] = await meet(3);

  await miss(world, alices, 2);
  world.tea.expire();
  for (let n = 0; n < later; n++) alices.send(`later ${n}`);
  await world.pass(MINUTE);

  expect(bobs.hasDiscontinuity).toBe(true);
  expect(texts(bobs)).toEqual(Array.from({ length: later }, (_, n) => `later ${n}`));
  bobs.dismissDiscontinuity();
  expect(bobs.hasDiscontinuity).toBe(false);
});

test("where what was seen has expired and what was missed has not, nothing is lost", async () => {
  const [world, alices, bobs] = await meet(3);
  world.tea.expire();

  await miss(world, alices, 2);
  await world.pass(MINUTE);

  expect(texts(bobs)).toEqual(["seen", "missed 0", "missed 1"]);
  expect(bobs.hasDiscontinuity).toBe(false);
});

test("whoever saw the last message resumes, however long ago that was", async () => {
  const [world, alices, bobs] = await meet(3);

  await miss(world, alices, 0, 100 * HOUR);
  world.tea.expire();
  await world.pass(MINUTE);

  expect(texts(bobs)).toEqual(["seen"]);
  expect(bobs.hasDiscontinuity).toBe(false);
});

test("a room that was made again is not taken for the old one", async () => {
  const [world, alices, bobs] = await meet(3);
  await miss(world, alices, 4);
  world.network.refuses = "bob";
  world.network.cut("bob");
  world.server.rooms.delete("tea");
  world.server.make("tea", "Other tea", "carol");
  const [, carols] = await world.meet("carol");
  for (let n = 0; n < 5; n++) carols.send(`new ${n}`);
  await world.pass(SECOND);
  world.network.refuses = undefined;
  await world.pass(MINUTE);

  expect(bobs).toMatchObject({ hasDiscontinuity: true, name: "Other tea" });
  expect(bobs.hasOlder).toBe(true);
  expect(texts(bobs)).toEqual(["new 2", "new 3", "new 4"]);
});

test("what the old room had acknowledged is not awaited in the new one", async () => {
  const [world, , bobs] = await meet(3);
  world.tea.lastSeq += 100;
  bobs.send("into the old room");
  await world.pass(500);
  expect(bobs.outgoing).toMatchObject([{ state: "sent" }]);

  world.server.rooms.delete("tea");
  world.server.make("tea", "Other tea", "carol");
  world.network.cut();
  await world.pass(MINUTE);

  expect(bobs.outgoing).toEqual([]);
  expect(bobs.messages).toEqual([]);
});

test("a first visit misses nothing", async () => {
  const [world, alices] = await meet(3);
  for (let n = 0; n < 5; n++) alices.send(String(n));
  await world.pass(SECOND);

  const [, carols] = await world.meet("carol");

  expect(carols.hasDiscontinuity).toBe(false);
  expect(carols.hasOlder).toBe(true);
  expect(carols.messages).toHaveLength(3);
});
