/** The replacement of a connection before its two hours end. */

import { expect, test } from "vitest";
import { CONNECTION_LIFE } from "../testing/server.ts";
import { HOUR, MINUTE, SECOND, Simulation, seqs } from "../testing/simulation.ts";

test("replaces connections without an interruption and without lost or duplicate messages for a day", async () => {
  const sim = new Simulation();
  const [alice, aliceRoom] = await sim.join("alice");
  const [bob, bobRoom] = await sim.join("bob");
  const states = new Set<string>();
  const sent: string[] = [];
  for (const chat of [alice, bob]) {
    chat.subscribe(() => {
      states.add(chat.connection.state);
      for (const room of chat.rooms.values()) states.add(room.status);
    });
  }
  sim.network.latency = () => 10 + 200 * sim.random();

  while (sent.length < 1_440) {
    const room = sim.random() < 0.5 ? aliceRoom : bobRoom;
    sent.push(room.send(`${sent.length}`).text);
    await sim.advance(MINUTE);
  }
  await sim.advance(MINUTE);

  expect([...states]).toEqual(["open", "joined"]);
  expect(sim.tea.log).toHaveLength(sent.length);
  for (const room of [aliceRoom, bobRoom]) {
    expect(seqs(room)).toEqual(sim.tea.log.map(({ seq }) => seq));
    expect(room.hasDiscontinuity).toBe(false);
  }
  expect(sim.network.openedCount).toBeGreaterThanOrEqual(24);
  expect(sim.network.openSockets.size).toBe(2);
});

test("other users see no leave when a connection is replaced", async () => {
  const sim = new Simulation();
  await sim.join("alice");
  const [bob, bobRoom] = await sim.join("bob");
  const counts = new Set<number>();
  bob.subscribe(() => counts.add(bobRoom.memberCount));

  await sim.advance(3 * HOUR);

  expect([...counts]).toEqual([2]);
});

test("clients replace their connections at different times", async () => {
  const moments = new Set<number>();
  for (let seed = 0; seed < 10; seed++) {
    const sim = new Simulation(seed);
    await sim.connect("alice");
    while (sim.network.openedCount < 2) await sim.advance(SECOND);
    moments.add(Math.round(sim.clock.now() / SECOND));
  }

  expect(moments.size).toBeGreaterThan(7);
});

test("messages that are sent during the replacement arrive once and in order on a slow network", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const sim = new Simulation(seed);
    const [, aliceRoom] = await sim.join("alice");
    const [, bobRoom] = await sim.join("bob");
    await sim.advance(CONNECTION_LIFE - 11 * MINUTE - (sim.clock.now() % SECOND));
    sim.network.latency = () => 2_000 * sim.random();

    for (let n = 0; n < 300; n++) {
      (sim.random() < 0.5 ? aliceRoom : bobRoom).send(`${n}`);
      await sim.advance(4 * SECOND * sim.random());
    }
    await sim.advance(5 * MINUTE);

    expect(sim.network.openedCount).toBeGreaterThanOrEqual(4);
    expect(sim.tea.log).toHaveLength(300);
    for (const room of [aliceRoom, bobRoom]) expect(seqs(room)).toEqual(seqs(aliceRoom));
    expect(seqs(aliceRoom)).toEqual(sim.tea.log.map(({ seq }) => seq));
  }
});

test("uses the old connection until it ends if no other connection opens", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  sim.network.isReachable = false;

  await sim.advance(CONNECTION_LIFE - 10 * SECOND);
  room.send("still here");
  await sim.advance(SECOND);
  expect(chat.connection.state).toBe("open");
  expect(room.messages).toHaveLength(1);

  await sim.advance(MINUTE);
  expect(chat.connection.state).toBe("waiting");
  sim.network.isReachable = true;
  await sim.advance(MINUTE);
  expect(chat.connection.state).toBe("open");
  expect(room.status).toBe("joined");
});

test("leaves a room on both connections", async () => {
  const sim = new Simulation();
  const [chat] = await sim.join("alice");
  sim.network.latency = () => 3_000;
  while (sim.network.openSockets.size < 2) await sim.advance(SECOND);

  await sim.settle(chat.leaveRoom("tea"), MINUTE);
  await sim.advance(5 * MINUTE);

  expect(sim.tea.subscribers.size).toBe(0);
  expect(sim.network.openSockets.size).toBe(1);
  expect(chat.rooms.size).toBe(0);
});

test("uses the next connection if the old one breaks during the replacement", async () => {
  const sim = new Simulation();
  const [chat, room] = await sim.join("alice");
  sim.network.latency = () => 1_000;
  while (sim.network.openSockets.size < 2) await sim.advance(SECOND);
  const [old] = sim.network.openSockets;

  old?.break();
  room.send("hello");
  await sim.advance(20 * SECOND);

  expect(chat.connection.state).toBe("open");
  expect(room.messages).toHaveLength(1);
  expect(sim.network.openedCount).toBe(2);
});

test("creates a room once during the replacement", async () => {
  const sim = new Simulation();
  const [chat] = await sim.join("alice");
  sim.network.latency = () => 3_000;
  while (sim.network.openSockets.size < 2) await sim.advance(SECOND);

  sim.network.replyDelay = ({ action }) => (action === "createRoom" ? 20_000 : 0);
  const room = await sim.settle(chat.createRoom({ roomId: "milk" }), MINUTE);

  expect(room.status).toBe("joined");
  expect(sim.countRequests("createRoom")).toBe(1);
});
