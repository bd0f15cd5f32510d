/** After an absence, a room has all missed messages, or reports a discontinuity. */

import { expect, test } from "vitest";
import type { Room } from "../index.ts";
import { HOUR, MINUTE, SECOND, Simulation, seqs, texts } from "../testing/simulation.ts";

/** Return a room with Alice and Bob, and with one message of Alice. */
async function meet(page: number): Promise<[Simulation, Room, Room]> {
  const sim = new Simulation();
  sim.server.pageSize = page;
  const [, aliceRoom] = await sim.join("alice");
  aliceRoom.send("seen");
  await sim.advance(SECOND);
  const [, bobRoom] = await sim.join("bob");
  return [sim, aliceRoom, bobRoom];
}

async function miss(sim: Simulation, aliceRoom: Room, count: number, ms = SECOND): Promise<void> {
  sim.network.rejects = "bob";
  sim.network.disconnect("bob");
  for (let n = 0; n < count; n++) aliceRoom.send(`missed ${n}`);
  await sim.advance(count * 100 + ms);
  sim.network.rejects = undefined;
  sim.connectivity.change();
}

test.each([0, 1, 3, 4, 10])("continues the timeline after %i missed messages", async (missed) => {
  const [sim, aliceRoom, bobRoom] = await meet(3);

  await miss(sim, aliceRoom, missed);
  await sim.advance(2 * SECOND);

  expect(texts(bobRoom)).toEqual([
    "seen",
    ...Array.from({ length: missed }, (_, n) => `missed ${n}`),
  ]);
  expect(bobRoom.hasDiscontinuity).toBe(false);
});

test("receives a thousand missed messages page by page", async () => {
  const [sim, aliceRoom, bobRoom] = await meet(100);

  await miss(sim, aliceRoom, 1_000);
  await sim.advance(2 * SECOND);

  expect(seqs(bobRoom)).toEqual(Array.from({ length: 1_001 }, (_, n) => n + 1));
  expect(bobRoom.hasDiscontinuity).toBe(false);
});

test("neither loses nor duplicates messages that arrive during the resume", async () => {
  const [sim, aliceRoom, bobRoom] = await meet(3);
  await miss(sim, aliceRoom, 30);

  for (let n = 0; n < 60; n++) {
    aliceRoom.send(`meanwhile ${n}`);
    await sim.advance(20 + 200 * sim.random());
  }
  await sim.advance(MINUTE);

  expect(seqs(bobRoom)).toEqual(sim.tea.log.map(({ seq }) => seq));
  expect(bobRoom.messages).toHaveLength(91);
});

test.each([0, 2])(
  "resets the timeline after the retention, with %i later messages",
  async (later) => {
    const [sim, aliceRoom, bobRoom] = await meet(3);

    await miss(sim, aliceRoom, 2);
    sim.tea.expire();
    for (let n = 0; n < later; n++) aliceRoom.send(`later ${n}`);
    await sim.advance(MINUTE);

    expect(bobRoom.hasDiscontinuity).toBe(true);
    expect(texts(bobRoom)).toEqual(Array.from({ length: later }, (_, n) => `later ${n}`));
    bobRoom.dismissDiscontinuity();
    expect(bobRoom.hasDiscontinuity).toBe(false);
  },
);

test("loses nothing if only messages that were seen have expired", async () => {
  const [sim, aliceRoom, bobRoom] = await meet(3);
  sim.tea.expire();

  await miss(sim, aliceRoom, 2);
  await sim.advance(MINUTE);

  expect(texts(bobRoom)).toEqual(["seen", "missed 0", "missed 1"]);
  expect(bobRoom.hasDiscontinuity).toBe(false);
});

test("resumes after any time if the last message was seen", async () => {
  const [sim, aliceRoom, bobRoom] = await meet(3);

  await miss(sim, aliceRoom, 0, 100 * HOUR);
  sim.tea.expire();
  await sim.advance(MINUTE);

  expect(texts(bobRoom)).toEqual(["seen"]);
  expect(bobRoom.hasDiscontinuity).toBe(false);
});

test("does not mistake a room that was created again for the old one", async () => {
  const [sim, aliceRoom, bobRoom] = await meet(3);
  await miss(sim, aliceRoom, 4);
  sim.network.rejects = "bob";
  sim.network.disconnect("bob");
  sim.server.rooms.delete("tea");
  sim.server.createRoom("tea", "Other tea", "carol");
  const [, carolRoom] = await sim.join("carol");
  for (let n = 0; n < 5; n++) carolRoom.send(`new ${n}`);
  await sim.advance(SECOND);
  sim.network.rejects = undefined;
  await sim.advance(MINUTE);

  expect(bobRoom).toMatchObject({ hasDiscontinuity: true, name: "Other tea" });
  expect(bobRoom.hasOlder).toBe(true);
  expect(texts(bobRoom)).toEqual(["new 2", "new 3", "new 4"]);
});

test("does not wait in the new room for messages of the old one", async () => {
  const [sim, , bobRoom] = await meet(3);
  sim.tea.lastSeq += 100;
  bobRoom.send("into the old room");
  await sim.advance(500);
  expect(bobRoom.outgoing).toMatchObject([{ state: "sent" }]);

  sim.server.rooms.delete("tea");
  sim.server.createRoom("tea", "Other tea", "carol");
  sim.network.disconnect();
  await sim.advance(MINUTE);

  expect(bobRoom.outgoing).toEqual([]);
  expect(bobRoom.messages).toEqual([]);
});

test("has no discontinuity on a first visit", async () => {
  const [sim, aliceRoom] = await meet(3);
  for (let n = 0; n < 5; n++) aliceRoom.send(String(n));
  await sim.advance(SECOND);

  const [, carolRoom] = await sim.join("carol");

  expect(carolRoom.hasDiscontinuity).toBe(false);
  expect(carolRoom.hasOlder).toBe(true);
  expect(carolRoom.messages).toHaveLength(3);
});
