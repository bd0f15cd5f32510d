/** Deleted messages: what is left of them takes their place, whenever one hears of it. */

import { expect, test } from "vitest";
import type { Fate } from "../testing/network.ts";
import { MINUTE, SECOND, World, texts } from "../testing/world.ts";

test("a message that is taken back is empty for everybody, and keeps its place", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");
  for (const text of ["one", "two", "three"]) alices.send(text);
  await world.pass(SECOND);
  const before = bobs.messages;

  await world.soon(alices.deleteMessage(2));

  for (const room of [alices, bobs]) {
    expect(texts(room)).toEqual(["one", "", "three"]);
    expect(room.messages[1]?.deletedAt).toBeDefined();
  }
  expect(bobs.messages).not.toBe(before);
  expect(bobs.messages[0]).toBe(before[0]);
});

test("only who keeps order deletes what others have said", async () => {
  const world = new World();
  const alice = await world.arrive("alice");
  const alices = await world.soon(alice.createRoom({ roomId: "tea" }));
  const [, bobs] = await world.meet("bob");
  alices.send("mine");
  bobs.send("his");
  await world.pass(SECOND);

  const seqOf = (text: string): number =>
    alices.messages.find((message) => message.text === text)?.seq ?? 0;
  const his = seqOf("his");
  const refused = bobs.deleteMessage(seqOf("mine"));
  await expect(world.soon(refused)).rejects.toMatchObject({ code: "forbidden" });
  await world.soon(alices.deleteMessage(his));

  expect(texts(bobs).toSorted()).toEqual(["", "mine"]);
});

test.each(["late", "lost"] as const)(
  "a deletion may overtake its message, which is %s",
  async (fate) => {
    const world = new World();
    const [, alices] = await world.meet("alice");
    const [, bobs] = await world.meet("bob");
    world.network.pushFate = ({ type }) => (type === "message" ? fate : "fine");
    alices.send("oh no");
    await world.pass(SECOND / 2);

    await world.soon(alices.deleteMessage(1), MINUTE);

    expect(texts(bobs)).toEqual([""]);
  },
);

test("a deletion that overtakes the page it belongs to is kept for it", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  for (let n = 0; n < 10; n++) alices.send(String(n));
  await world.pass(10 * SECOND);
  world.server.page = 4;
  const [, bobs] = await world.meet("bob");
  world.network.replyDelay = ({ action }) => (action === "getHistory" ? 500 : 0);

  const older = world.soon(bobs.loadOlder(), 2 * SECOND);
  await world.soon(alices.deleteMessage(4), SECOND / 5);
  await older;

  expect(texts(bobs).slice(0, 4)).toEqual(["2", "", "4", "5"]);
});

test("what was deleted during an absence is forgotten on the return", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");
  for (const text of ["one", "two"]) alices.send(text);
  await world.pass(SECOND);
  world.network.isReachable = false;
  world.network.cut("bob");

  await world.soon(alices.deleteMessage(1));
  world.network.isReachable = true;
  await world.pass(MINUTE);

  expect(texts(bobs)).toEqual(["", "two"]);
});

test("what is deleted before its sender knows that it was said is not said again", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, phones] = await world.meet("alice-phone");
  const fates: Fate[] = ["swallowed"];
  world.network.fate = ({ action }) => (action === "sendMessage" ? fates.pop() : null) ?? "fine";
  alices.send("oh no");
  await world.pass(SECOND);
  expect(alices.outgoing).toHaveLength(1);

  await world.soon(phones.deleteMessage(1));
  expect(alices.outgoing).toEqual([]);
  await world.pass(MINUTE);

  expect(texts(alices)).toEqual([""]);
  expect(world.tea.log).toHaveLength(1);
});

test("a deletion whose reply is lost is done all the same", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  alices.send("oh no");
  await world.pass(SECOND);
  const fates: Fate[] = ["replyLost"];
  world.network.fate = ({ action }) => (action === "deleteMessage" ? fates.pop() : null) ?? "fine";

  await world.soon(alices.deleteMessage(1), MINUTE);

  expect(texts(alices)).toEqual([""]);
});
