/** Rooms are made, entered and left, by promises that keep to time. */

import { expect, test } from "vitest";
import { ChatError } from "../errors.ts";
import type { Fate } from "../testing/network.ts";
import { MINUTE, SECOND, World, texts } from "../testing/world.ts";

test("makes a room, which everyone else can join", async () => {
  const world = new World();
  const alice = await world.arrive("alice");
  const bob = await world.arrive("bob");

  const made = await world.soon(alice.createRoom({ roomId: "tea", name: "Tea time" }));
  const joined = await world.soon(bob.joinRoom("tea"));

  for (const room of [made, joined]) {
    expect(room).toMatchObject({ id: "tea", name: "Tea time", memberCount: 2 });
    expect(room.status).toBe("joined");
  }
  expect([...alice.rooms.keys()]).toEqual(["tea"]);
});

test("makes up an id for a room without one", async () => {
  const world = new World();
  const alice = await world.arrive("alice");

  const room = await world.soon(alice.createRoom({ name: "Tea time" }));

  expect(room.id).toMatch(/^[0-9a-z]{10}$/);
  expect(world.server.rooms.get(room.id)?.name).toBe("Tea time");
});

test("a taken id is room_exists, and leaves nothing behind", async () => {
  const world = new World();
  await world.meet("bob");
  const alice = await world.arrive("alice");

  const made = alice.createRoom({ roomId: "tea" });

  await expect(world.soon(made)).rejects.toMatchObject({ code: "room_exists" });
  expect(alice.rooms.size).toBe(0);
  expect(world.asked("joinRoom")).toBe(1);
});

test.each<Fate>(["lost", "replyLost", "refused", "spoilt", "killed", "swallowed"])(
  "a room whose request is %s is made once, and it is ours",
  async (fate) => {
    const world = new World();
    const alice = await world.arrive("alice");
    const fates: Fate[] = [fate];
    world.network.fate = ({ action }) => (action === "createRoom" ? fates.pop() : null) ?? "fine";

    const room = await world.soon(alice.createRoom({ roomId: "tea", name: "Tea" }), MINUTE);

    expect(room.status).toBe("joined");
    expect(world.server.rooms.size).toBe(1);
    expect(world.tea.createdBy).toBe(alice.me?.userId);
  },
);

test("after a lost reply, a room that somebody else has made is not taken for ours", async () => {
  const world = new World();
  const alice = await world.arrive("alice");
  world.server.make("tea", "Tea", "bob");
  const fates: Fate[] = ["spoilt"];
  world.network.fate = ({ action }) => (action === "createRoom" ? fates.pop() : null) ?? "fine";

  const made = alice.createRoom({ roomId: "tea" });

  await expect(world.soon(made, MINUTE)).rejects.toMatchObject({ code: "room_exists" });
  expect(alice.rooms.size).toBe(0);
  expect(world.tea.audience.size).toBe(0);
});

test("whoever finds a room taken can join it at once", async () => {
  const world = new World();
  const [alice, milk] = await world.meet("alice", "milk");
  world.server.make("tea", "Tea", "bob");
  const fates: Fate[] = ["spoilt"];
  world.network.fate = ({ action }) => (action === "createRoom" ? fates.pop() : null) ?? "fine";

  const made = alice.createRoom({ roomId: "tea" }).catch(() => alice.joinRoom("tea"));
  milk.send("while it is asked");
  const room = await world.soon(made, MINUTE);

  expect(room.status).toBe("joined");
  expect(world.tea.audience.size).toBe(1);
});

test("a room that is not there rejects, with a ChatError", async () => {
  const world = new World();
  const alice = await world.arrive("alice");

  const joined = world.soon(alice.joinRoom("nowhere"));

  await expect(joined).rejects.toThrow(ChatError);
  expect(alice.rooms.size).toBe(0);
});

test("a remembered room that is gone stays on the list, as failed, until it is left", async () => {
  const world = new World();
  const alice = await world.arrive("alice");

  alice.resume([{ roomId: "nowhere" }]);
  await world.pass(SECOND);

  const room = alice.rooms.get("nowhere");
  expect(room?.status).toBe("failed");
  expect(room?.error?.code).toBe("room_not_found");
  expect(room?.send("hello").state).toBe("pending");
  expect(room?.outgoing).toMatchObject([{ state: "failed" }]);
  await world.soon(alice.leaveRoom("nowhere"));
  expect(alice.rooms.size).toBe(0);
});

test("a failed room can be made or joined after all", async () => {
  const world = new World();
  const alice = await world.arrive("alice");
  alice.resume([{ roomId: "tea" }, { roomId: "milk" }]);
  await world.pass(SECOND);

  await world.soon(alice.createRoom({ roomId: "tea" }));
  world.server.make("milk", "Milk", "bob");
  await world.soon(alice.joinRoom("milk"));

  for (const room of alice.rooms.values()) expect(room.status).toBe("joined");
});

test("a join that cannot be had in time rejects, and is wanted no more", async () => {
  const world = new World();
  world.server.make("tea", "Tea", "bob");
  const alice = await world.arrive("alice");
  world.network.isReachable = false;
  world.network.cut();

  const joined = world.soon(alice.joinRoom("tea"), MINUTE);
  await expect(joined).rejects.toMatchObject({ code: "timeout" });

  world.network.isReachable = true;
  await world.pass(MINUTE);
  expect(alice.rooms.size).toBe(0);
  expect(world.tea.audience.size).toBe(0);
});

test("a join before the connection is there waits for it", async () => {
  const world = new World();
  world.server.make("tea", "Tea", "bob");
  const alice = world.enter("alice");
  alice.start();

  const room = await world.soon(alice.joinRoom("tea"));

  expect(room.status).toBe("joined");
});

test("joining twice is one room", async () => {
  const world = new World();
  const [alice, room] = await world.meet("alice");

  expect(await world.soon(alice.joinRoom("tea"))).toBe(room);
  expect(world.asked("joinRoom")).toBe(1);
});

test("leaves once all that was said there is acknowledged", async () => {
  const world = new World();
  const [alice, room] = await world.meet("alice");
  const [, bobs] = await world.meet("bob");

  room.send("goodbye");
  await world.soon(alice.leaveRoom("tea"));

  expect(texts(bobs)).toEqual(["goodbye"]);
  expect(alice.rooms.size).toBe(0);
  expect(bobs.members).toMatchObject([{ name: "bob" }]);
});

test("leaves at once when there is no connection", async () => {
  const world = new World();
  const [alice] = await world.meet("alice");
  world.network.isReachable = false;
  world.network.cut();
  await world.pass(100);

  await world.soon(alice.leaveRoom("tea"));

  world.network.isReachable = true;
  await world.pass(MINUTE);
  expect(world.tea.audience.size).toBe(0);
});

test("leaving and joining in one breath ends inside", async () => {
  const world = new World();
  const [alice] = await world.meet("alice");

  const left = alice.leaveRoom("tea");
  const room = await world.soon(alice.joinRoom("tea"));
  await left;
  await world.pass(MINUTE);

  expect(room.status).toBe("joined");
  expect(world.tea.audience.size).toBe(1);
});

test("whoever turns out to be outside enters again", async () => {
  const world = new World();
  const [, room] = await world.meet("alice");
  world.tea.audience.clear();

  room.send("hello");
  await world.pass(5 * SECOND);

  expect(room.status).toBe("joined");
  expect(texts(room)).toEqual(["hello"]);
});

test("reads back through history, page by page, to its beginning", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  for (let n = 0; n < 10; n++) alices.send(String(n));
  await world.pass(10 * SECOND);
  world.server.page = 4;
  const [, room] = await world.meet("bob");
  expect(texts(room)).toEqual(["6", "7", "8", "9"]);

  for (const loaded of [8, 10, 10]) {
    const older = room.loadOlder();
    expect(room.loadingOlder).toBe(loaded !== room.messages.length);
    await world.soon(older);
    expect(room.messages).toHaveLength(loaded);
  }

  expect(room.hasOlder).toBe(false);
});

test("reading back survives a lost connection", async () => {
  const world = new World();
  const [, alices] = await world.meet("alice");
  for (let n = 0; n < 10; n++) alices.send(String(n));
  await world.pass(10 * SECOND);
  world.server.page = 6;
  const [, room] = await world.meet("bob");
  const fates: Fate[] = ["lost"];
  world.network.fate = ({ action }) => (action === "getHistory" ? fates.pop() : null) ?? "fine";

  await world.soon(room.loadOlder(), 10 * SECOND);

  expect(room.messages).toHaveLength(10);
});

test("a room that may not be made is not there, and the refusal says what of", async () => {
  const world = new World();
  const chat = await world.arrive("alice");
  chat.resume([{ roomId: "tea" }]);
  await world.pass(SECOND);
  const no = { code: "forbidden", action: "createRoom" };
  world.server.refuse = [
    { action: "createRoom", code: "forbidden" },
    { action: "createRoom", code: "forbidden" },
  ];

  await expect(world.soon(chat.createRoom({ roomId: "tea" }))).rejects.toMatchObject(no);
  await expect(world.soon(chat.createRoom({ visibility: "private" }))).rejects.toMatchObject(no);

  // A link led to it: it stays in view, with the reason.
  expect(chat.rooms.get("tea")).toMatchObject({ status: "failed", error: no });
});
