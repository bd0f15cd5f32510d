/** Roles, silence and removal: what one may do in a room, and what others do to one there. */

import { expect, test } from "vitest";
import type { Chat, Room } from "../index.ts";
import { MINUTE, SECOND, World, texts } from "../testing/world.ts";

const BOB = userId("bob");

function userId(name: string): string {
  return `guest-${`key-of-${name}`.padEnd(16, "-")}`;
}

/** Alice's room, and Bob in it. */
async function twoOf(world: World): Promise<[Chat, Room, Chat, Room]> {
  const alice = await world.arrive("alice");
  const alices = await world.soon(alice.createRoom({ roomId: "tea", name: "Tea" }));
  const [bob, bobs] = await world.meet("bob");
  return [alice, alices, bob, bobs];
}

test("whoever opens a room owns it, and everybody sees that", async () => {
  const [alice, alices, , bobs] = await twoOf(new World());

  expect([alices.role, bobs.role]).toEqual(["owner", undefined]);
  expect(bobs.members.find((member) => member.userId === alice.me?.userId)?.role).toBe("owner");
});

test("a role that is given is seen on both sides, and so is one that is taken away", async () => {
  const world = new World();
  const [, alices, , bobs] = await twoOf(world);

  for (const role of ["moderator", undefined] as const) {
    await world.soon(alices.setRole(BOB, role ?? "member"));

    expect(bobs.role).toBe(role);
    for (const room of [alices, bobs]) {
      expect(room.members.find((member) => member.userId === BOB)?.role).toBe(role);
    }
  }
});

test("what one has no right to rejects, and changes nothing", async () => {
  const world = new World();
  const [alice, alices, , bobs] = await twoOf(world);

  const kicked = bobs.kick(alice.me?.userId ?? "");

  const no = { code: "forbidden", action: "kickMember" };
  await expect(world.soon(kicked)).rejects.toMatchObject(no);
  expect(alices.status).toBe("joined");
});

test("whoever is muted knows until when, and speaks again without being told", async () => {
  const world = new World();
  const [, alices, bob, bobs] = await twoOf(world);
  let told = 0;
  bob.subscribe(() => told++);

  await world.soon(alices.mute(BOB, 60));
  expect(bobs.mutedUntil).toBeGreaterThan(world.clock.now());
  expect(alices.members.find((member) => member.userId === BOB)?.mutedUntil).toBeDefined();
  const before = told;
  await world.pass(MINUTE);

  expect(bobs.mutedUntil).toBeUndefined();
  expect(told).toBeGreaterThan(before);
  bobs.send("at last");
  await world.pass(SECOND);
  expect(texts(alices)).toEqual(["at last"]);
});

test("whoever did not hear that they are muted learns it when they speak", async () => {
  const world = new World();
  const [, alices, , bobs] = await twoOf(world);
  world.network.pushFate = ({ type }) => (type === "memberChanged" ? "lost" : "fine");
  await world.soon(alices.mute(BOB, 60));
  expect(bobs.mutedUntil).toBeUndefined();

  bobs.send("hello?");
  await world.pass(SECOND);

  expect(bobs.mutedUntil).toBeGreaterThan(world.clock.now() + 50 * SECOND);
  expect(bobs.outgoing).toMatchObject([{ state: "failed", error: { code: "forbidden" } }]);
});

test("a mute that is lifted is over at once", async () => {
  const world = new World();
  const [, alices, , bobs] = await twoOf(world);
  await world.soon(alices.mute(BOB, 60));

  await world.soon(alices.mute(BOB, 0));

  expect(bobs.mutedUntil).toBeUndefined();
});

test.each(["kick", "ban"] as const)("after a %s one is out, and stays out", async (act) => {
  const world = new World();
  const [, alices, , bobs] = await twoOf(world);
  bobs.send("hello");
  await world.pass(SECOND);

  await world.soon(alices[act](BOB));
  world.network.cut("bob");
  await world.pass(10 * MINUTE);

  expect(bobs.status).toBe("failed");
  expect(bobs.error?.code).toBe(act === "kick" ? "kicked" : "banned");
  expect(bobs.send("and another").state).toBe("pending");
  expect(bobs.outgoing).toMatchObject([{ state: "failed" }]);
  expect(alices.members).toHaveLength(1);
});

test("whoever was kicked comes back when they ask, with what was said meanwhile", async () => {
  const world = new World();
  const [, alices, bob, bobs] = await twoOf(world);
  alices.send("one");
  await world.soon(alices.kick(BOB));
  alices.send("two");
  await world.pass(SECOND);

  await world.soon(bob.joinRoom("tea"));

  expect(bobs.status).toBe("joined");
  expect(texts(bobs)).toEqual(["one", "two"]);
});

test("whoever is banned is listed, is not let in, and is let in after an unban", async () => {
  const world = new World();
  const [, alices, bob, bobs] = await twoOf(world);
  await world.soon(alices.ban(BOB));

  const banned = await world.soon(alices.listRoles({ banned: true }));
  expect(banned.entries).toMatchObject([{ userId: BOB }]);
  const no = { code: "forbidden", action: "joinRoom" };
  await expect(world.soon(bob.joinRoom("tea"))).rejects.toMatchObject(no);

  await world.soon(alices.unban(BOB));
  await world.soon(bob.joinRoom("tea"));
  expect(bobs.status).toBe("joined");
});

test("a new name and a room made public are seen by all", async () => {
  const world = new World();
  const [, alices, , bobs] = await twoOf(world);
  world.tea.visibility = "private";

  await world.soon(alices.update({ name: "Coffee", visibility: "public" }));

  for (const room of [alices, bobs]) {
    expect(room).toMatchObject({ name: "Coffee", visibility: "public" });
  }
});

test("a deleted room is gone for who deleted it, and has failed for the others", async () => {
  const world = new World();
  const [alice, alices, , bobs] = await twoOf(world);

  await world.soon(alices.delete());

  expect(alice.rooms.size).toBe(0);
  expect(bobs.error?.code).toBe("deleted");
});

test("deletes a long room in as many requests as it takes", async () => {
  const world = new World();
  const [alice, alices] = await twoOf(world);
  const reply = world.server.reply.bind(world.server);
  let left = 3;
  world.server.reply = (connection, request) => {
    if (request.action !== "deleteRoom" || --left === 0) {
      return reply(connection, request);
    }
    world.server.asked.push(request);
    const { requestId = "", roomId } = request;
    return { type: "roomDeleted", roomId, complete: false, requestId };
  };

  await world.soon(alices.delete());

  expect(world.asked("deleteRoom")).toBe(3);
  expect(world.server.rooms.size).toBe(0);
  expect(alice.rooms.size).toBe(0);
});

test("leaving for good gives up the role, with every device", async () => {
  const world = new World();
  const [, alices, bob] = await twoOf(world);
  const [phone, phones] = await world.meet("bob-phone");
  await world.soon(alices.setRole(BOB, "moderator"));

  await world.soon(bob.leaveRoom("tea", { forGood: true }));

  expect([bob.rooms.size, phone.rooms.size]).toEqual([0, 0]);
  expect(phones.error).toBeUndefined();
  expect(world.tea.standings.get(BOB)?.role).toBeUndefined();
  expect(alices.members).toHaveLength(1);
});

test("the last owner cannot leave for good, and stays", async () => {
  const world = new World();
  const [alice, alices] = await twoOf(world);

  const left = alice.leaveRoom("tea", { forGood: true });

  await expect(world.soon(left)).rejects.toMatchObject({ code: "forbidden" });
  await world.pass(MINUTE);
  expect(alices.status).toBe("joined");
  expect(world.tea.members).toHaveLength(2);
});

test("leaving for good survives a lost connection", async () => {
  const world = new World();
  const [, , bob] = await twoOf(world);
  const fates = ["lost"] as const;
  let next = 0;
  world.network.fate = ({ action }) => (action === "leaveRoom" ? fates[next++] : null) ?? "fine";

  await world.soon(bob.leaveRoom("tea", { forGood: true }), 10 * SECOND);

  expect(bob.rooms.size).toBe(0);
  expect(world.tea.members).toHaveLength(1);
});

test("waits out that it was too much at once", async () => {
  const world = new World();
  const [, alices, , bobs] = await twoOf(world);
  world.server.refuse = [{ action: "setRole", code: "rate_limited", retryAfterMs: 5 * SECOND }];

  await world.soon(alices.setRole(BOB, "moderator"), 10 * SECOND);

  expect(bobs.role).toBe("moderator");
  expect(world.asked("setRole")).toBe(2);
});

test("what cannot be had in time rejects with the reason", async () => {
  const world = new World();
  const [, alices] = await twoOf(world);
  world.server.refuse = Array.from({ length: 20 }, () => {
    return { action: "setRole", code: "rate_limited", retryAfterMs: 20 * SECOND } as const;
  });

  const given = world.soon(alices.setRole(BOB, "moderator"), MINUTE);

  await expect(given).rejects.toMatchObject({ code: "rate_limited" });
});

test("what is wanted of a room one is put out of is wanted no more", async () => {
  const world = new World();
  const [, alices, , bobs] = await twoOf(world);
  world.network.fate = ({ action }) => (action === "deleteMessage" ? "swallowed" : "fine");

  const deleted = bobs.deleteMessage(1);
  const outcome = deleted.then(
    () => "done",
    (error: unknown) => error,
  );
  await world.pass(100);
  await world.soon(alices.kick(BOB));

  expect(await outcome).toMatchObject({ code: "kicked" });
});

test("a role that a cut list leaves out is asked for", async () => {
  const world = new World();
  const [, alices] = await twoOf(world);
  await world.soon(alices.setRole(BOB, "moderator"));
  const phone = world.enter("bob-phone");
  const reply = world.server.reply.bind(world.server);
  world.server.reply = (connection, request) => {
    const answer = reply(connection, request);
    return answer.type === "roomJoined" ? { ...answer, members: [], memberCount: 500 } : answer;
  };
  phone.start();

  const room = await world.soon(phone.joinRoom("tea"));
  await world.pass(SECOND);

  expect(room.role).toBe("moderator");
});
