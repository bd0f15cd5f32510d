/** Private rooms, the invites into them, and lists of rooms. */

import { expect, test } from "vitest";
import type { Chat, Room } from "../index.ts";
import type { Fate } from "../testing/network.ts";
import { MINUTE, SECOND, World } from "../testing/world.ts";

/** Alice in a private room of hers. */
async function secret(world: World): Promise<[Chat, Room]> {
  const alice = await world.arrive("alice");
  const made = alice.createRoom({ name: "Secret", visibility: "private" });
  return [alice, await world.soon(made)];
}

test("makes a private room under the server's id, and is its owner", async () => {
  const world = new World();

  const [alice, room] = await secret(world);

  expect(room).toMatchObject({ id: "made-up-0", name: "Secret", visibility: "private" });
  expect([room.status, room.role]).toEqual(["joined", "owner"]);
  expect([...alice.rooms.values()]).toEqual([room]);
});

test.each<Fate>(["replyLost", "spoilt", "killed"])(
  "a private room whose request is %s is not made twice",
  async (fate) => {
    const world = new World();
    const alice = await world.arrive("alice");
    const fates: Fate[] = [fate];
    world.network.fate = ({ action }) => (action === "createRoom" ? fates.pop() : null) ?? "fine";

    const made = alice.createRoom({ visibility: "private" });

    await expect(world.soon(made, MINUTE)).rejects.toBeInstanceOf(Error);
    expect(world.server.rooms.size).toBe(1);
  },
);

test("an id of one's own is for public rooms", async () => {
  const world = new World();
  const alice = await world.arrive("alice");

  const made = alice.createRoom({ roomId: "tea", visibility: "private" });

  await expect(world.soon(made)).rejects.toMatchObject({ code: "bad_request" });
});

test("an invite lets one in, as often as it says", async () => {
  const world = new World();
  const [, room] = await secret(world);
  const { invite, uses, expiresAt } = await world.soon(room.createInvite({ uses: 1 }));
  expect(uses).toBe(1);
  expect(expiresAt).toBeGreaterThan(world.clock.now());
  const bob = await world.arrive("bob");
  const carol = await world.arrive("carol");

  const without = bob.joinRoom(room.id);
  await expect(world.soon(without)).rejects.toMatchObject({ code: "room_not_found" });
  const bobs = await world.soon(bob.joinRoom(room.id, { invite }));
  const used = carol.joinRoom(room.id, { invite });

  await expect(world.soon(used)).rejects.toMatchObject({ code: "room_not_found" });
  expect(bobs.status).toBe("joined");
});

test("an invite is used once, though the connection is lost and found", async () => {
  const world = new World();
  const [, room] = await secret(world);
  const { invite } = await world.soon(room.createInvite({ uses: 2 }));
  const bob = await world.arrive("bob");
  bob.resume([{ roomId: room.id, invite }]);
  bob.resume([{ roomId: room.id }]);
  await world.pass(SECOND);

  world.network.cut("bob");
  await world.pass(MINUTE);

  expect(bob.rooms.get(room.id)?.status).toBe("joined");
  const joins = world.server.asked.filter((request) => "invite" in request);
  expect(joins).toHaveLength(1);
  expect([...world.server.room(room.id).invites.values()]).toEqual([1]);
});

test("whoever is invited hears of it, until they enter or say no", async () => {
  const world = new World();
  const [, room] = await secret(world);
  const bob = await world.arrive("bob");
  const userId = bob.me?.userId ?? "";
  const by = { name: "alice" };

  await world.soon(room.invite(userId));
  expect(bob.invitations).toMatchObject([{ roomId: room.id, name: "Secret", by }]);
  await world.soon(bob.joinRoom(room.id));
  expect(bob.invitations).toEqual([]);

  await world.soon(bob.leaveRoom(room.id));
  await world.soon(room.invite(userId));
  bob.dismissInvitation(room.id);
  expect(bob.invitations).toEqual([]);
});

test("lists one's own rooms and the public ones, page by page", async () => {
  const world = new World();
  const [alice, room] = await secret(world);
  for (const id of ["tea", "milk", "cake"]) world.server.make(id, id, "bob");

  const mine = await world.soon(alice.listRooms());
  const first = await world.soon(alice.listRooms({ which: "public", limit: 2 }));
  const cursor = first.cursor ?? "";
  const second = await world.soon(alice.listRooms({ which: "public", limit: 2, cursor }));

  expect(mine.entries).toMatchObject([{ room: { roomId: room.id }, role: "owner" }]);
  const pages = [...first.entries, ...second.entries].map((entry) => entry.room.roomId);
  expect(pages).toEqual(["tea", "milk", "cake"]);
  expect(second.cursor).toBeUndefined();
});

test("a list is had after the connection was lost", async () => {
  const world = new World();
  const alice = await world.arrive("alice");
  world.server.make("tea", "Tea", "bob");
  const fates: Fate[] = ["replyLost"];
  world.network.fate = ({ action }) => (action === "listRooms" ? fates.pop() : null) ?? "fine";

  const { entries } = await world.soon(alice.listRooms({ which: "public" }), 10 * SECOND);

  expect(entries).toHaveLength(1);
});
