/** Before a connection's two hours are up, another takes over, and nobody notices. */

import { expect, test } from "vitest";
import { LIFE } from "../testing/server.ts";
import { HOUR, MINUTE, SECOND, World, seqs } from "../testing/world.ts";

test("nobody sees a break, and nothing is lost or doubled, over a day", async () => {
  const world = new World();
  const [alice, alices] = await world.meet("alice");
  const [bob, bobs] = await world.meet("bob");
  const states = new Set<string>();
  const told: string[] = [];
  for (const chat of [alice, bob]) {
    chat.subscribe(() => {
      states.add(chat.connection.state);
      for (const room of chat.rooms.values()) states.add(room.status);
    });
  }
  world.network.latency = () => 10 + 200 * world.random();

  while (told.length < 1_440) {
    const room = world.random() < 0.5 ? alices : bobs;
    told.push(room.send(`${told.length}`).text);
    await world.pass(MINUTE);
  }
  await world.pass(MINUTE);

  expect([...states]).toEqual(["open", "joined"]);
  expect(world.tea.log).toHaveLength(told.length);
  for (const room of [alices, bobs]) {
    expect(seqs(room)).toEqual(world.tea.log.map(({ seq }) => seq));
    expect(room.hasDiscontinuity).toBe(false);
  }
  expect(world.network.opened).toBeGreaterThanOrEqual(24);
  expect(world.network.open.size).toBe(2);
});

test("others see nobody leave", async () => {
  const world = new World();
  await world.meet("alice");
  const [bob, bobs] = await world.meet("bob");
  const counts = new Set<number>();
  bob.subscribe(() => counts.add(bobs.memberCount));

  await world.pass(3 * HOUR);

  expect([...counts]).toEqual([2]);
});

test("not everybody does it at the same moment", async () => {
  const moments = new Set<number>();
  for (let seed = 0; seed < 10; seed++) {
    const world = new World(seed);
    await world.arrive("alice");
    while (world.network.opened < 2) await world.pass(SECOND);
    moments.add(Math.round(world.clock.now() / SECOND));
  }

  expect(moments.size).toBeGreaterThan(7);
});

test("messages said meanwhile, on a slow network, arrive once each and in order", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const world = new World(seed);
    const [, alices] = await world.meet("alice");
    const [, bobs] = await world.meet("bob");
    await world.pass(LIFE - 11 * MINUTE - (world.clock.now() % SECOND));
    world.network.latency = () => 2_000 * world.random();

    for (let n = 0; n < 300; n++) {
      (world.random() < 0.5 ? alices : bobs).send(`${n}`);
      await world.pass(4 * SECOND * world.random());
    }
    await world.pass(5 * MINUTE);

    expect(world.network.opened).toBeGreaterThanOrEqual(4);
    expect(world.tea.log).toHaveLength(300);
    for (const room of [alices, bobs]) expect(seqs(room)).toEqual(seqs(alices));
    expect(seqs(alices)).toEqual(world.tea.log.map(({ seq }) => seq));
  }
});

test("while no other connection can be had, the old one goes on", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  world.network.isReachable = false;

  await world.pass(LIFE - 10 * SECOND);
  room.send("still here");
  await world.pass(SECOND);
  expect(chat.connection.state).toBe("open");
  expect(room.messages).toHaveLength(1);

  await world.pass(MINUTE);
  expect(chat.connection.state).toBe("waiting");
  world.network.isReachable = true;
  await world.pass(MINUTE);
  expect(chat.connection.state).toBe("open");
  expect(room.status).toBe("joined");
});

test("a room left meanwhile is left on both", async () => {
  const world = new World();
  const [chat] = await world.meet("alice");
  world.network.latency = () => 3_000;
  while (world.network.open.size < 2) await world.pass(SECOND);

  await world.soon(chat.leaveRoom("tea"), MINUTE);
  await world.pass(5 * MINUTE);

  expect(world.tea.audience.size).toBe(0);
  expect(world.network.open.size).toBe(1);
  expect(chat.rooms.size).toBe(0);
});

test("a connection that breaks meanwhile leaves the other in charge", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  world.network.latency = () => 1_000;
  while (world.network.open.size < 2) await world.pass(SECOND);
  const [old] = world.network.open;

  old?.break();
  room.send("hello");
  await world.pass(20 * SECOND);

  expect(chat.connection.state).toBe("open");
  expect(room.messages).toHaveLength(1);
  expect(world.network.opened).toBe(2);
});

test("a room that is made meanwhile is made once", async () => {
  const world = new World();
  const [chat] = await world.meet("alice");
  world.network.latency = () => 3_000;
  while (world.network.open.size < 2) await world.pass(SECOND);

  world.network.replyDelay = ({ action }) => (action === "createRoom" ? 20_000 : 0);
  const room = await world.soon(chat.createRoom({ roomId: "milk" }), MINUTE);

  expect(room.status).toBe("joined");
  expect(world.asked("createRoom")).toBe(1);
});
