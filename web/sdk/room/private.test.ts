/** Private rooms, invites, and lists of rooms. */

import { expect, test } from "vitest";
import type { Chat, Room } from "../index.ts";
import type { RequestFault } from "../testing/network.ts";
import { MINUTE, SECOND, Simulation } from "../testing/simulation.ts";

/** Return Alice's chat and her new private room. */
async function secret(sim: Simulation): Promise<[Chat, Room]> {
  const alice = await sim.connect("alice");
  const made = alice.createRoom({ name: "Secret", visibility: "private" });
  return [alice, await sim.settle(made)];
}

test("creates a private room with the server's id and owns it", async () => {
  const sim = new Simulation();

  const [alice, room] = await secret(sim);

  expect(room).toMatchObject({ id: "made-up-0", name: "Secret", visibility: "private" });
  expect([room.status, room.role]).toEqual(["joined", "owner"]);
  expect([...alice.rooms.values()]).toEqual([room]);
});

test.each<RequestFault>(["replyLost", "errorAfter", "gatewayError"])(
  "does not create a private room twice after the request fault %s",
  async (fault) => {
    const sim = new Simulation();
    const alice = await sim.connect("alice");
    sim.network.failNext("createRoom", fault);

    const made = alice.createRoom({ visibility: "private" });

    await expect(sim.settle(made, MINUTE)).rejects.toBeInstanceOf(Error);
    expect(sim.server.rooms.size).toBe(1);
  },
);

test("rejects an id for a private room", async () => {
  const sim = new Simulation();
  const alice = await sim.connect("alice");

  const made = alice.createRoom({ roomId: "tea", visibility: "private" });

  await expect(sim.settle(made)).rejects.toMatchObject({ code: "bad_request" });
});

test("an invite admits as many users as it has uses", async () => {
  const sim = new Simulation();
  const [, room] = await secret(sim);
  const { invite, uses, expiresAt } = await sim.settle(room.createInvite({ uses: 1 }));
  expect(uses).toBe(1);
  expect(expiresAt).toBeGreaterThan(sim.clock.now());
  const bob = await sim.connect("bob");
  const carol = await sim.connect("carol");

  const without = bob.joinRoom(room.id);
  await expect(sim.settle(without)).rejects.toMatchObject({ code: "room_not_found" });
  const bobRoom = await sim.settle(bob.joinRoom(room.id, { invite }));
  const used = carol.joinRoom(room.id, { invite });

  await expect(sim.settle(used)).rejects.toMatchObject({ code: "room_not_found" });
  expect(bobRoom.status).toBe("joined");
});

test("lists open invites without their secrets, and revokes them", async () => {
  const sim = new Simulation();
  const [alice, room] = await secret(sim);
  const made = await sim.settle(room.createInvite({ uses: 2 }));
  const kept = await sim.settle(room.createInvite());
  const createdBy = alice.me?.userId;

  const before = await sim.settle(room.listInvites());
  await sim.settle(room.revokeInvite(made.inviteId));
  const { entries } = await sim.settle(room.listInvites());

  const { inviteId, expiresAt, uses } = made;
  expect(before.entries[0]).toEqual({ inviteId, createdBy, expiresAt, uses });
  expect(before.cursor).toBeUndefined();
  expect(entries.map((open) => open.inviteId)).toEqual([kept.inviteId]);
  const bob = await sim.connect("bob");
  const refused = bob.joinRoom(room.id, { invite: made.invite });
  await expect(sim.settle(refused)).rejects.toMatchObject({ code: "room_not_found" });
});

test("an invite of a user who may no longer invite opens nothing", async () => {
  const sim = new Simulation();
  const [, room] = await secret(sim);
  const bob = await sim.connect("bob");
  const bobId = bob.me?.userId ?? "";
  await sim.settle(room.invite(bobId));
  await sim.settle(room.setRole(bobId, "moderator"));
  const bobRoom = await sim.settle(bob.joinRoom(room.id));
  const { invite } = await sim.settle(bobRoom.createInvite());
  await sim.settle(room.ban(bobId));
  const carol = await sim.connect("carol");

  const refused = carol.joinRoom(room.id, { invite });

  await expect(sim.settle(refused)).rejects.toMatchObject({ code: "room_not_found" });
});

test("uses an invite once across a reconnect", async () => {
  const sim = new Simulation();
  const [, room] = await secret(sim);
  const { invite } = await sim.settle(room.createInvite({ uses: 2 }));
  const bob = await sim.connect("bob");
  bob.resume([{ roomId: room.id, invite }]);
  bob.resume([{ roomId: room.id }]);
  await sim.advance(SECOND);

  sim.network.disconnect("bob");
  await sim.advance(MINUTE);

  expect(bob.rooms.get(room.id)?.status).toBe("joined");
  const joins = sim.server.requests.filter((request) => "invite" in request);
  expect(joins).toHaveLength(1);
  expect([...sim.server.room(room.id).invites.values()]).toMatchObject([{ uses: 1 }]);
});

test("lists an invitation until the room is joined or the invitation is dismissed", async () => {
  const sim = new Simulation();
  const [, room] = await secret(sim);
  const bob = await sim.connect("bob");
  const userId = bob.me?.userId ?? "";
  const by = { name: "alice" };

  await sim.settle(room.invite(userId));
  expect(bob.invitations).toMatchObject([{ roomId: room.id, name: "Secret", by }]);
  await sim.settle(bob.joinRoom(room.id));
  expect(bob.invitations).toEqual([]);

  await sim.settle(bob.leaveRoom(room.id));
  await sim.settle(room.invite(userId));
  bob.dismissInvitation(room.id);
  expect(bob.invitations).toEqual([]);
});

test("lists own rooms and public rooms page by page", async () => {
  const sim = new Simulation();
  const [alice, room] = await secret(sim);
  for (const id of ["tea", "milk", "cake"]) sim.server.createRoom(id, id, "bob");

  const mine = await sim.settle(alice.listRooms());
  const first = await sim.settle(alice.listRooms({ which: "public", limit: 2 }));
  const cursor = first.cursor ?? "";
  const second = await sim.settle(alice.listRooms({ which: "public", limit: 2, cursor }));

  expect(mine.entries).toMatchObject([{ room: { roomId: room.id }, role: "owner" }]);
  const pages = [...first.entries, ...second.entries].map((entry) => entry.room.roomId);
  expect(pages).toEqual(["tea", "milk", "cake"]);
  expect(second.cursor).toBeUndefined();
});

test("lists rooms although the connection was lost", async () => {
  const sim = new Simulation();
  const alice = await sim.connect("alice");
  sim.server.createRoom("tea", "Tea", "bob");
  sim.network.failNext("listRooms", "replyLost");

  const { entries } = await sim.settle(alice.listRooms({ which: "public" }), 10 * SECOND);

  expect(entries).toHaveLength(1);
});
