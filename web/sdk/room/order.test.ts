/** Pushes get lost, come twice, late and out of order; what is shown is the log. */

import { expect, test } from "vitest";
import { HOUR, MINUTE, SECOND, World, seqs, texts } from "../testing/world.ts";

test("pushes that are doubled, late or out of order are shown once and in order", async () => {
  const world = new World(4);
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");
  world.network.lateness = () => 600 * world.random();
  world.network.pushFate = () => (world.random() < 0.5 ? "late" : "twice");

  for (let n = 0; n < 30; n++) alices.send(String(n));
  await world.pass(MINUTE);

  expect(seqs(bobs)).toEqual(world.tea.log.map(({ seq }) => seq));
});

test("a gap is awaited for a second, then history is asked", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");
  const fates = ["fine", "lost"] as const;
  let pushed = 0;
  world.network.pushFate = () => fates[++pushed] ?? "fine";

  for (const text of ["one", "two", "three"]) alices.send(text);
  pushed = 0;
  await world.pass(900);
  expect(texts(bobs)).not.toContain("three");
  expect(world.asked("getHistory")).toBe(0);
  await world.pass(SECOND);

  expect(texts(bobs)).toEqual(["one", "two", "three"]);
  expect(world.asked("getHistory")).toBe(1);
});

test("a hole in the log holds nothing up for longer than that", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");

  alices.send("one");
  await world.pass(SECOND);
  world.tea.lastSeq += 3;
  alices.send("two");
  await world.pass(2 * SECOND);

  for (const room of [alices, bobs]) expect(seqs(room)).toEqual([1, 5]);
  expect(alices.outgoing).toEqual([]);
});

test("what is acknowledged above a gap stays among the outgoing until it is shown", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  world.tea.lastSeq += 3;

  room.send("hello");
  await world.pass(500);
  expect(room.outgoing).toMatchObject([{ text: "hello", state: "sent" }]);
  await world.pass(2 * SECOND);

  expect(room.outgoing).toEqual([]);
  expect(texts(room)).toEqual(["hello"]);
});

test("a lost last push is healed though nobody speaks after it", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");
  world.network.pushFate = () => "lost";

  alices.send("hello");
  await world.pass(31 * SECOND);

  expect(texts(bobs)).toEqual(["hello"]);
});

test("a quiet room is asked about less and less, but often enough to keep the connection", async () => {
  const world = new World();
  await world.meet("alice");

  await world.pass(HOUR);

  expect(world.asked("getHistory")).toBeLessThan(20);
  expect(world.asked("getHistory")).toBeGreaterThan(12);
});

test("a push that overtakes the reply to joining is shown with it", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  world.network.replyDelay = ({ action }) => (action === "joinRoom" ? 500 : 0);
  const bob = await world.arrive("bob");

  const joined = bob.joinRoom("tea");
  await world.pass(100);
  alices.send("hello");
  const bobs = await world.soon(joined);

  expect(texts(bobs)).toEqual(["hello"]);
  expect(world.asked("getHistory")).toBe(0);
});

test("a lost push after a long silence and a message is healed soon, too", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");
  await world.pass(HOUR);

  alices.send("heard");
  await world.pass(SECOND);
  world.network.pushFate = () => "lost";
  alices.send("unheard");
  await world.pass(31 * SECOND);

  expect(texts(bobs)).toEqual(["heard", "unheard"]);
});
