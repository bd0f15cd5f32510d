// @vitest-environment happy-dom
/** Rooms that the user cannot join: the reason, and the next steps. */

import { expect, test } from "vitest";

import { ChatError } from "../../sdk/index.ts";
import { rememberRoom } from "../rooms/room-memory.ts";
import { eachTest, type Page } from "../testing/page.tsx";
import type { FakeRoom } from "../testing/room.ts";

const PRIVATE = "private-0123456789abcdef";
const TOO_MANY = new ChatError("forbidden", "", undefined, undefined, "createRoom");

let page: Page;
eachTest((opened) => {
  page = opened;
});

/** Open a room and remove the user from it. */
async function openRemoved(roomId: string, visibility: "public" | "private"): Promise<FakeRoom> {
  page.chat.existing.add(roomId);
  await page.asGuest().open({ hash: `#/room/${roomId}` });
  const room = page.chat.rooms.get(roomId)!;
  room.visibility = visibility;
  room.status = "failed";
  room.error = new ChatError("kicked", "");
  page.chat.change();
  await page.settled();
  return room;
}

test("a user who was removed from a public room can rejoin", async () => {
  await openRemoved("tea", "public");

  expect(page.text).toContain("You were removed from this room. You can rejoin.");
  expect(page.find("Rejoin")).toBeDefined();
});

test("a user who was removed from a private room needs a new invite, also at the next visit", async () => {
  await openRemoved(PRIVATE, "private");
  for (const visit of ["now", "later"]) {
    expect([visit, page.text]).toEqual([visit, expect.stringContaining("you need a new invite")]);
    expect(page.text).not.toContain("You can rejoin");
    expect(() => page.find("Rejoin")).toThrow();

    page.chat.rooms.clear();
    await page.go("#/");
    await page.go(`#/room/${PRIVATE}`);
  }
});

test("a removed user with a new invite rejoins by the link", async () => {
  const room = await openRemoved(PRIVATE, "private");
  await page.go("#/");

  await page.go(`#/room/${PRIVATE}?invite=s3cret`);

  expect(page.chat.calls).toContain(`resume ${PRIVATE} by s3cret`);
  expect(room.status).toBe("joined");
});

test("a removed user who is a member again rejoins with a button", async () => {
  await openRemoved(PRIVATE, "private");
  const by = { userId: "bob", name: "Bob" };
  page.chat.invitations = [{ roomId: PRIVATE, name: "Plans", by }];
  page.chat.change();
  await page.settled();

  await page.click("Rejoin");

  expect(page.chat.calls.at(-1)).toBe(`resume ${PRIVATE}`);
});

test("a removed user can rejoin a private room that was made public", async () => {
  await openRemoved(PRIVATE, "public");

  expect(page.find("Rejoin")).toBeDefined();
});

test("a user outside a private room cannot create a room with its id", async () => {
  rememberRoom(page.store, { roomId: PRIVATE, name: "Plans" });
  await page.asGuest().open({ hash: `#/room/${PRIVATE}` });

  expect(page.text).toContain("It is private and you are not a member, or it was deleted.");
  expect(page.text).toContain("Ask for a new link");
  expect(page.text).not.toContain("was created yet");
  expect(() => page.find("Create it now")).toThrow();
});

test("a user at the room limit reads so in the dialog", async () => {
  page.chat.createError = TOO_MANY;
  await page.asGuest().open();
  await page.click("New room");
  await page.type("Name", "Tea time");

  await page.submit();

  const [message] = page.texts("dialog [role=alert]");
  expect(message).toContain("You've reached the room limit");
  expect(message).not.toContain("banned");
});

test("a user at the room limit reads so at a link to a missing room", async () => {
  page.chat.createError = TOO_MANY;
  await page.asGuest().open({ hash: "#/room/tea" });

  await page.click("Create it now");

  expect(page.text).toContain("You've reached the room limit");
  expect(page.text).not.toContain("banned");
});

test("a user who may not join a room reads the possible reasons", async () => {
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea" });
  const room = page.chat.rooms.get("tea")!;
  room.status = "failed";
  room.error = new ChatError("forbidden", "", undefined, undefined, "joinRoom");
  page.chat.change();
  await page.settled();

  expect(page.text).toContain("You are banned from this room, or you've reached the room limit");
});
