/** A connection that is dead, though nobody said so, is found out. */

import { expect, test } from "vitest";
import { HOUR, MINUTE, SECOND, World, texts } from "../testing/world.ts";

test("tries at once when told to, and when the network is back", async () => {
  const world = new World();
  const [chat] = await world.meet("alice");
  world.network.isReachable = false;
  world.network.cut();
  world.connectivity.change(false);
  await world.pass(5 * MINUTE);
  expect(chat.connection.state).toBe("offline");

  world.network.isReachable = true;
  world.connectivity.change(true);
  await world.pass(100);

  expect(chat.connection.state).toBe("open");
});

test("stays below the idle limit, in a room or in none", async () => {
  const world = new World();
  const chat = await world.arrive("alice");
  let last = world.clock.now();
  let longest = 0;
  world.network.fate = () => {
    longest = Math.max(longest, world.clock.now() - last);
    last = world.clock.now();
    return "fine";
  };

  await world.pass(HOUR);

  expect(chat.connection.state).toBe("open");
  expect(world.network.opened).toBe(1);
  expect(longest).toBeGreaterThan(0);
  expect(longest).toBeLessThan(9 * MINUTE);
});

test("finds out quickly after sleep that a connection is dead, and catches up", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");
  world.network.freeze();
  world.clock.sleep(HOUR);

  alices.send("hello");
  await world.pass(10 * SECOND);

  expect(texts(bobs)).toEqual(["hello"]);
});

test("a line that goes dead without a word is noticed when something is asked", async () => {
  const world = new World();
  const [chat, room] = await world.meet("alice");
  world.network.freeze();

  room.send("hello");
  await world.pass(40 * SECOND);

  expect(chat.connection.state).toBe("open");
  expect(texts(room)).toEqual(["hello"]);
});

test("a line that is suspected while something is asked is noticed quickly", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  world.network.freeze();

  room.send("hello");
  await world.pass(SECOND);
  world.connectivity.change();
  await world.pass(7 * SECOND);

  expect(texts(room)).toEqual(["hello"]);
});

test("checks and catches up when somebody looks at the page again", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");
  await world.pass(HOUR + 2 * MINUTE);
  world.network.pushFate = () => "lost";
  alices.send("hello");
  await world.pass(SECOND);

  world.connectivity.change();
  await world.pass(SECOND);

  expect(texts(bobs)).toEqual(["hello"]);
});

test("looking at the page again and again asks little", async () => {
  const world = new World();
  await world.meet("alice");
  const before = world.server.asked.length;

  for (let n = 0; n < 10; n++) {
    world.connectivity.change();
    await world.pass(SECOND);
  }

  expect(world.asked("getHistory")).toBe(0);
  expect(world.server.asked.length - before).toBeLessThanOrEqual(10);
});
