/** Roles, mutes and removals. */

import { expect, test } from "vitest";
import type { Chat, Room } from "../index.ts";
import { MINUTE, SECOND, Simulation, texts } from "../testing/simulation.ts";

const BOB = userId("bob");

function userId(name: string): string {
  return `guest-${`key-of-${name}`.padEnd(16, "-")}`;
}

/** Return Alice's new room, which Bob has joined. */
async function twoOf(sim: Simulation): Promise<[Chat, Room, Chat, Room]> {
  const alice = await sim.connect("alice");
  const aliceRoom = await sim.settle(alice.createRoom({ roomId: "tea", name: "Tea" }));
  const [bob, bobRoom] = await sim.join("bob");
  return [alice, aliceRoom, bob, bobRoom];
}

test("the creator of a room is its owner for every user", async () => {
  const [alice, aliceRoom, , bobRoom] = await twoOf(new Simulation());

  expect([aliceRoom.role, bobRoom.role]).toEqual(["owner", undefined]);
  expect(bobRoom.members.find((member) => member.userId === alice.me?.userId)?.role).toBe("owner");
});

test("both users see a role that is given and taken away", async () => {
  const sim = new Simulation();
  const [, aliceRoom, , bobRoom] = await twoOf(sim);

  for (const role of ["moderator", undefined] as const) {
    await sim.settle(aliceRoom.setRole(BOB, role ?? "member"));

    expect(bobRoom.role).toBe(role);
    for (const room of [aliceRoom, bobRoom]) {
      expect(room.members.find((member) => member.userId === BOB)?.role).toBe(role);
    }
  }
});

test("rejects an action without permission and changes nothing", async () => {
  const sim = new Simulation();
  const [alice, aliceRoom, , bobRoom] = await twoOf(sim);

  const kicked = bobRoom.kick(alice.me?.userId ?? "");

  const no = { code: "forbidden", action: "kickMember" };
  await expect(sim.settle(kicked)).rejects.toMatchObject(no);
  expect(aliceRoom.status).toBe("joined");
});

test("a muted user knows the end of the mute and may send after it", async () => {
  const sim = new Simulation();
  const [, aliceRoom, bob, bobRoom] = await twoOf(sim);
  let changes = 0;
  bob.subscribe(() => changes++);

  await sim.settle(aliceRoom.mute(BOB, 60));
  expect(bobRoom.mutedUntil).toBeGreaterThan(sim.clock.now());
  expect(aliceRoom.members.find((member) => member.userId === BOB)?.mutedUntil).toBeDefined();
  const before = changes;
  await sim.advance(MINUTE);

  expect(bobRoom.mutedUntil).toBeUndefined();
  expect(changes).toBeGreaterThan(before);
  bobRoom.send("at last");
  await sim.advance(SECOND);
  expect(texts(aliceRoom)).toEqual(["at last"]);
});

test("a user who missed the mute's event learns of it by sending", async () => {
  const sim = new Simulation();
  const [, aliceRoom, , bobRoom] = await twoOf(sim);
  sim.network.pushFault = ({ type }) => (type === "memberChanged" ? "lost" : "none");
  await sim.settle(aliceRoom.mute(BOB, 60));
  expect(bobRoom.mutedUntil).toBeUndefined();

  bobRoom.send("hello?");
  await sim.advance(SECOND);

  expect(bobRoom.mutedUntil).toBeGreaterThan(sim.clock.now() + 50 * SECOND);
  expect(bobRoom.outgoing).toMatchObject([{ state: "failed", error: { code: "forbidden" } }]);
});

test("a mute of 0 seconds ends the mute at once", async () => {
  const sim = new Simulation();
  const [, aliceRoom, , bobRoom] = await twoOf(sim);
  await sim.settle(aliceRoom.mute(BOB, 60));

  await sim.settle(aliceRoom.mute(BOB, 0));

  expect(bobRoom.mutedUntil).toBeUndefined();
});

test.each(["kick", "ban"] as const)(
  "a %s removes the user, who does not rejoin by itself",
  async (act) => {
    const sim = new Simulation();
    const [, aliceRoom, , bobRoom] = await twoOf(sim);
    bobRoom.send("hello");
    await sim.advance(SECOND);

    await sim.settle(aliceRoom[act](BOB));
    sim.network.disconnect("bob");
    await sim.advance(10 * MINUTE);

    expect(bobRoom.status).toBe("failed");
    expect(bobRoom.error?.code).toBe(act === "kick" ? "kicked" : "banned");
    expect(bobRoom.send("and another").state).toBe("pending");
    expect(bobRoom.outgoing).toMatchObject([{ state: "failed" }]);
    expect(aliceRoom.members).toHaveLength(1);
  },
);

test("a kicked user may join again and receives the missed messages", async () => {
  const sim = new Simulation();
  const [, aliceRoom, bob, bobRoom] = await twoOf(sim);
  aliceRoom.send("one");
  await sim.settle(aliceRoom.kick(BOB));
  aliceRoom.send("two");
  await sim.advance(SECOND);

  await sim.settle(bob.joinRoom("tea"));

  expect(bobRoom.status).toBe("joined");
  expect(texts(bobRoom)).toEqual(["one", "two"]);
});

test("a banned user is listed and may not join until the unban", async () => {
  const sim = new Simulation();
  const [, aliceRoom, bob, bobRoom] = await twoOf(sim);
  await sim.settle(aliceRoom.ban(BOB));

  const banned = await sim.settle(aliceRoom.listRoles({ banned: true }));
  expect(banned.entries).toMatchObject([{ userId: BOB }]);
  const no = { code: "forbidden", action: "joinRoom" };
  await expect(sim.settle(bob.joinRoom("tea"))).rejects.toMatchObject(no);

  await sim.settle(aliceRoom.unban(BOB));
  await sim.settle(bob.joinRoom("tea"));
  expect(bobRoom.status).toBe("joined");
});

test("every user sees a new name and a new visibility", async () => {
  const sim = new Simulation();
  const [, aliceRoom, , bobRoom] = await twoOf(sim);
  sim.tea.visibility = "private";

  await sim.settle(aliceRoom.update({ name: "Coffee", visibility: "public" }));

  for (const room of [aliceRoom, bobRoom]) {
    expect(room).toMatchObject({ name: "Coffee", visibility: "public" });
  }
});

test("a deleted room is removed for its owner and failed for the others", async () => {
  const sim = new Simulation();
  const [alice, aliceRoom, , bobRoom] = await twoOf(sim);

  await sim.settle(aliceRoom.delete());

  expect(alice.rooms.size).toBe(0);
  expect(bobRoom.error?.code).toBe("deleted");
});

test("deletes a long room in several requests", async () => {
  const sim = new Simulation();
  const [alice, aliceRoom] = await twoOf(sim);
  const reply = sim.server.reply.bind(sim.server);
  let left = 3;
  sim.server.reply = (connection, request) => {
    if (request.action !== "deleteRoom" || --left === 0) {
      return reply(connection, request);
    }
    sim.server.requests.push(request);
    const { requestId = "", roomId } = request;
    return { type: "roomDeleted", roomId, complete: false, requestId };
  };

  await sim.settle(aliceRoom.delete());

  expect(sim.countRequests("deleteRoom")).toBe(3);
  expect(sim.server.rooms.size).toBe(0);
  expect(alice.rooms.size).toBe(0);
});

test("leaving permanently gives up the role and leaves with every device", async () => {
  const sim = new Simulation();
  const [, aliceRoom, bob] = await twoOf(sim);
  const [phone, phoneRoom] = await sim.join("bob-phone");
  await sim.settle(aliceRoom.setRole(BOB, "moderator"));

  await sim.settle(bob.leaveRoom("tea", { forGood: true }));

  expect([bob.rooms.size, phone.rooms.size]).toEqual([0, 0]);
  expect(phoneRoom.error).toBeUndefined();
  expect(sim.tea.memberships.get(BOB)?.role).toBeUndefined();
  expect(aliceRoom.members).toHaveLength(1);
});

test("the last owner cannot leave permanently and stays", async () => {
  const sim = new Simulation();
  const [alice, aliceRoom] = await twoOf(sim);

  const left = alice.leaveRoom("tea", { forGood: true });

  await expect(sim.settle(left)).rejects.toMatchObject({ code: "forbidden" });
  await sim.advance(MINUTE);
  expect(aliceRoom.status).toBe("joined");
  expect(sim.tea.members).toHaveLength(2);
});

test("leaving permanently survives a lost connection", async () => {
  const sim = new Simulation();
  const [, , bob] = await twoOf(sim);
  const faults = ["lost"] as const;
  let next = 0;
  sim.network.requestFault = ({ action }) =>
    (action === "leaveRoom" ? faults[next++] : null) ?? "none";

  await sim.settle(bob.leaveRoom("tea", { forGood: true }), 10 * SECOND);

  expect(bob.rooms.size).toBe(0);
  expect(sim.tea.members).toHaveLength(1);
});

test("repeats a call after rate_limited", async () => {
  const sim = new Simulation();
  const [, aliceRoom, , bobRoom] = await twoOf(sim);
  sim.server.failNext = [{ action: "setRole", code: "rate_limited", retryAfterMs: 5 * SECOND }];

  await sim.settle(aliceRoom.setRole(BOB, "moderator"), 10 * SECOND);

  expect(bobRoom.role).toBe("moderator");
  expect(sim.countRequests("setRole")).toBe(2);
});

test("rejects with the last error after the timeout", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await twoOf(sim);
  sim.server.failNext = Array.from({ length: 20 }, () => {
    return { action: "setRole", code: "rate_limited", retryAfterMs: 20 * SECOND } as const;
  });

  const given = sim.settle(aliceRoom.setRole(BOB, "moderator"), MINUTE);

  await expect(given).rejects.toMatchObject({ code: "rate_limited" });
});

test("rejects the pending calls about a room after a removal", async () => {
  const sim = new Simulation();
  const [, aliceRoom, , bobRoom] = await twoOf(sim);
  sim.network.requestFault = ({ action }) => (action === "deleteMessage" ? "noReply" : "none");

  const deleted = bobRoom.deleteMessage(1);
  const outcome = deleted.then(
    () => "done",
    (error: unknown) => error,
  );
  await sim.advance(100);
  await sim.settle(aliceRoom.kick(BOB));

  expect(await outcome).toMatchObject({ code: "kicked" });
});

test("requests the own role if the member list is incomplete", async () => {
  const sim = new Simulation();
  const [, aliceRoom] = await twoOf(sim);
  await sim.settle(aliceRoom.setRole(BOB, "moderator"));
  const phone = sim.newChat("bob-phone");
  const reply = sim.server.reply.bind(sim.server);
  sim.server.reply = (connection, request) => {
    const answer = reply(connection, request);
    return answer.type === "roomJoined" ? { ...answer, members: [], memberCount: 500 } : answer;
  };
  phone.start();

  const room = await sim.settle(phone.joinRoom("tea"));
  await sim.advance(SECOND);

  expect(room.role).toBe("moderator");
});
