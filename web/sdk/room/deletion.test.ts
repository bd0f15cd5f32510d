/** Deleted messages: tombstones replace them, whenever the event arrives. */

import { expect, test } from "vitest";
import { MINUTE, SECOND, Simulation, texts } from "../testing/simulation.ts";

test("a deleted message is empty for every user and keeps its place", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");
  for (const text of ["one", "two", "three"]) aliceRoom.send(text);
  await sim.advance(SECOND);
  const before = bobRoom.messages;

  await sim.settle(aliceRoom.deleteMessage(2));

  for (const room of [aliceRoom, bobRoom]) {
    expect(texts(room)).toEqual(["one", "", "three"]);
    expect(room.messages[1]?.deletedAt).toBeDefined();
  }
  expect(bobRoom.messages).not.toBe(before);
  expect(bobRoom.messages[0]).toBe(before[0]);
});

test("only moderators and owners delete the messages of others", async () => {
  const sim = new Simulation();
  const alice = await sim.connect("alice");
  const aliceRoom = await sim.settle(alice.createRoom({ roomId: "tea" }));
  const [, bobRoom] = await sim.join("bob");
  aliceRoom.send("mine");
  bobRoom.send("his");
  await sim.advance(SECOND);

  const seqOf = (text: string): number =>
    aliceRoom.messages.find((message) => message.text === text)?.seq ?? 0;
  const his = seqOf("his");
  const refused = bobRoom.deleteMessage(seqOf("mine"));
  await expect(sim.settle(refused)).rejects.toMatchObject({ code: "forbidden" });
  await sim.settle(aliceRoom.deleteMessage(his));

  expect(texts(bobRoom).toSorted()).toEqual(["", "mine"]);
});

test.each(["late", "lost"] as const)(
  "applies a deletion that arrives before its message, which is %s",
  async (fault) => {
    const sim = new Simulation();
    const [, aliceRoom] = await sim.join("alice");
    const [, bobRoom] = await sim.join("bob");
    sim.network.pushFault = ({ type }) => (type === "message" ? fault : "none");
    aliceRoom.send("oh no");
    await sim.advance(SECOND / 2);

    await sim.settle(aliceRoom.deleteMessage(1), MINUTE);

    expect(texts(bobRoom)).toEqual([""]);
  },
);

test("applies a deletion to a page of history that arrives after it", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  for (let n = 0; n < 10; n++) aliceRoom.send(String(n));
  await sim.advance(10 * SECOND);
  sim.server.pageSize = 4;
  const [, bobRoom] = await sim.join("bob");
  sim.network.replyDelay = ({ action }) => (action === "getHistory" ? 500 : 0);

  const older = sim.settle(bobRoom.loadOlder(), 2 * SECOND);
  await sim.settle(aliceRoom.deleteMessage(4), SECOND / 5);
  await older;

  expect(texts(bobRoom).slice(0, 4)).toEqual(["2", "", "4", "5"]);
});

test("clears the texts that were deleted during an absence", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");
  for (const text of ["one", "two"]) aliceRoom.send(text);
  await sim.advance(SECOND);
  sim.network.isReachable = false;
  sim.network.disconnect("bob");

  await sim.settle(aliceRoom.deleteMessage(1));
  sim.network.isReachable = true;
  await sim.advance(MINUTE);

  expect(texts(bobRoom)).toEqual(["", "two"]);
});

test("does not resend a message that was deleted before its acknowledgement arrived", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  const [, phoneRoom] = await sim.join("alice-phone");
  sim.network.failNext("sendMessage", "noReply");
  aliceRoom.send("oh no");
  await sim.advance(SECOND);
  expect(aliceRoom.outgoing).toHaveLength(1);

  await sim.settle(phoneRoom.deleteMessage(1));
  expect(aliceRoom.outgoing).toEqual([]);
  await sim.advance(MINUTE);

  expect(texts(aliceRoom)).toEqual([""]);
  expect(sim.tea.log).toHaveLength(1);
});

test("completes a deletion whose reply was lost", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  aliceRoom.send("oh no");
  await sim.advance(SECOND);
  sim.network.failNext("deleteMessage", "replyLost");

  await sim.settle(aliceRoom.deleteMessage(1), MINUTE);

  expect(texts(aliceRoom)).toEqual([""]);
});
