/** Creating, joining and leaving rooms. */

import { expect, test } from "vitest";
import { ChatError } from "../errors.ts";
import { REQUEST_FAULTS, type RequestFault } from "../testing/network.ts";
import { MINUTE, SECOND, Simulation, texts } from "../testing/simulation.ts";

test("creates a room that others can join", async () => {
  const sim = new Simulation();
  const alice = await sim.connect("alice");
  const bob = await sim.connect("bob");

  const made = await sim.settle(alice.createRoom({ roomId: "tea", name: "Tea time" }));
  const joined = await sim.settle(bob.joinRoom("tea"));

  for (const room of [made, joined]) {
    expect(room).toMatchObject({ id: "tea", name: "Tea time", memberCount: 2 });
    expect(room.status).toBe("joined");
  }
  expect([...alice.rooms.keys()]).toEqual(["tea"]);
});

test("makes up a missing room id", async () => {
  const sim = new Simulation();
  const alice = await sim.connect("alice");

  const room = await sim.settle(alice.createRoom({ name: "Tea time" }));

  expect(room.id).toMatch(/^[0-9a-z]{10}$/);
  expect(sim.server.rooms.get(room.id)?.name).toBe("Tea time");
});

test("rejects a taken id with room_exists and keeps no room", async () => {
  const sim = new Simulation();
  await sim.join("bob");
  const alice = await sim.connect("alice");

  const made = alice.createRoom({ roomId: "tea" });

  await expect(sim.settle(made)).rejects.toMatchObject({ code: "room_exists" });
  expect(alice.rooms.size).toBe(0);
  expect(sim.countRequests("joinRoom")).toBe(1);
});

test.each<RequestFault>(REQUEST_FAULTS)(
  "creates a room once after the request fault %s",
  async (fault) => {
    const sim = new Simulation();
    const alice = await sim.connect("alice");
    sim.network.failNext("createRoom", fault);

    const room = await sim.settle(alice.createRoom({ roomId: "tea", name: "Tea" }), MINUTE);

    expect(room.status).toBe("joined");
    expect(sim.server.rooms.size).toBe(1);
    expect(sim.tea.createdBy).toBe(alice.me?.userId);
  },
);

test("after a lost reply, does not take over a room that another user created", async () => {
  const sim = new Simulation();
  const alice = await sim.connect("alice");
  sim.server.createRoom("tea", "Tea", "bob");
  sim.network.failNext("createRoom", "errorAfter");

  const made = alice.createRoom({ roomId: "tea" });

  await expect(sim.settle(made, MINUTE)).rejects.toMatchObject({ code: "room_exists" });
  expect(alice.rooms.size).toBe(0);
  expect(sim.tea.subscribers.size).toBe(0);
});

test("can join a room at once after room_exists", async () => {
  const sim = new Simulation();
  const [alice, milk] = await sim.join("alice", "milk");
  sim.server.createRoom("tea", "Tea", "bob");
  sim.network.failNext("createRoom", "errorAfter");

  const made = alice.createRoom({ roomId: "tea" }).catch(() => alice.joinRoom("tea"));
  milk.send("while the request is pending");
  const room = await sim.settle(made, MINUTE);

  expect(room.status).toBe("joined");
  expect(sim.tea.subscribers.size).toBe(1);
});

test("rejects joinRoom of a missing room with a ChatError", async () => {
  const sim = new Simulation();
  const alice = await sim.connect("alice");

  const joined = sim.settle(alice.joinRoom("nowhere"));

  await expect(joined).rejects.toThrow(ChatError);
  expect(alice.rooms.size).toBe(0);
});

test("keeps a saved room that is gone as failed until it is left", async () => {
  const sim = new Simulation();
  const alice = await sim.connect("alice");

  alice.resume([{ roomId: "nowhere" }]);
  await sim.advance(SECOND);

  const room = alice.rooms.get("nowhere");
  expect(room?.status).toBe("failed");
  expect(room?.error?.code).toBe("room_not_found");
  expect(room?.send("hello").state).toBe("pending");
  expect(room?.outgoing).toMatchObject([{ state: "failed" }]);
  await sim.settle(alice.leaveRoom("nowhere"));
  expect(alice.rooms.size).toBe(0);
});

test("can create or join a failed room", async () => {
  const sim = new Simulation();
  const alice = await sim.connect("alice");
  alice.resume([{ roomId: "tea" }, { roomId: "milk" }]);
  await sim.advance(SECOND);

  await sim.settle(alice.createRoom({ roomId: "tea" }));
  sim.server.createRoom("milk", "Milk", "bob");
  await sim.settle(alice.joinRoom("milk"));

  for (const room of alice.rooms.values()) expect(room.status).toBe("joined");
});

test("rejects a join after the timeout and does not join later", async () => {
  const sim = new Simulation();
  sim.server.createRoom("tea", "Tea", "bob");
  const alice = await sim.connect("alice");
  sim.network.isReachable = false;
  sim.network.disconnect();

  const joined = sim.settle(alice.joinRoom("tea"), MINUTE);
  await expect(joined).rejects.toMatchObject({ code: "timeout" });

  sim.network.isReachable = true;
  await sim.advance(MINUTE);
  expect(alice.rooms.size).toBe(0);
  expect(sim.tea.subscribers.size).toBe(0);
});

test("a join before the connection opens waits for it", async () => {
  const sim = new Simulation();
  sim.server.createRoom("tea", "Tea", "bob");
  const alice = sim.newChat("alice");
  alice.start();

  const room = await sim.settle(alice.joinRoom("tea"));

  expect(room.status).toBe("joined");
});

test("returns the same room when joining twice", async () => {
  const sim = new Simulation();
  const [alice, room] = await sim.join("alice");

  expect(await sim.settle(alice.joinRoom("tea"))).toBe(room);
  expect(sim.countRequests("joinRoom")).toBe(1);
});

test("leaves after the messages are acknowledged", async () => {
  const sim = new Simulation();
  const [alice, room] = await sim.join("alice");
  const [, bobRoom] = await sim.join("bob");

  room.send("goodbye");
  await sim.settle(alice.leaveRoom("tea"));

  expect(texts(bobRoom)).toEqual(["goodbye"]);
  expect(alice.rooms.size).toBe(0);
  expect(bobRoom.members).toMatchObject([{ name: "bob" }]);
});

test("leaves at once without a connection", async () => {
  const sim = new Simulation();
  const [alice] = await sim.join("alice");
  sim.network.isReachable = false;
  sim.network.disconnect();
  await sim.advance(100);

  await sim.settle(alice.leaveRoom("tea"));

  sim.network.isReachable = true;
  await sim.advance(MINUTE);
  expect(sim.tea.subscribers.size).toBe(0);
});

test("stays in the room when leaveRoom and joinRoom follow each other", async () => {
  const sim = new Simulation();
  const [alice] = await sim.join("alice");

  const left = alice.leaveRoom("tea");
  const room = await sim.settle(alice.joinRoom("tea"));
  await left;
  await sim.advance(MINUTE);

  expect(room.status).toBe("joined");
  expect(sim.tea.subscribers.size).toBe(1);
});

test("joins again when the server reports not_a_member", async () => {
  const sim = new Simulation();
  const [, room] = await sim.join("alice");
  sim.tea.subscribers.clear();

  room.send("hello");
  await sim.advance(5 * SECOND);

  expect(room.status).toBe("joined");
  expect(texts(room)).toEqual(["hello"]);
});

test("loads older messages page by page to the beginning", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  for (let n = 0; n < 10; n++) aliceRoom.send(String(n));
  await sim.advance(10 * SECOND);
  sim.server.pageSize = 4;
  const [, room] = await sim.join("bob");
  expect(texts(room)).toEqual(["6", "7", "8", "9"]);

  for (const loaded of [8, 10, 10]) {
    const older = room.loadOlder();
    expect(room.loadingOlder).toBe(loaded !== room.messages.length);
    await sim.settle(older);
    expect(room.messages).toHaveLength(loaded);
  }

  expect(room.hasOlder).toBe(false);
});

test("loads older messages across a lost connection", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await sim.join("alice");
  for (let n = 0; n < 10; n++) aliceRoom.send(String(n));
  await sim.advance(10 * SECOND);
  sim.server.pageSize = 6;
  const [, room] = await sim.join("bob");
  sim.network.failNext("getHistory", "lost");

  await sim.settle(room.loadOlder(), 10 * SECOND);

  expect(room.messages).toHaveLength(10);
});

test("rejects a forbidden createRoom with the action in the error", async () => {
  const sim = new Simulation();
  const chat = await sim.connect("alice");
  chat.resume([{ roomId: "tea" }]);
  await sim.advance(SECOND);
  const no = { code: "forbidden", action: "createRoom" };
  sim.server.failNext = [
    { action: "createRoom", code: "forbidden" },
    { action: "createRoom", code: "forbidden" },
  ];

  await expect(sim.settle(chat.createRoom({ roomId: "tea" }))).rejects.toMatchObject(no);
  await expect(sim.settle(chat.createRoom({ visibility: "private" }))).rejects.toMatchObject(no);

  // The room was saved, so it stays on the list with the error.
  expect(chat.rooms.get("tea")).toMatchObject({ status: "failed", error: no });
});
