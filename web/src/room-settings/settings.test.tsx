// @vitest-environment happy-dom
/** The settings of a room, deleting messages, and leaving. */

import { beforeEach, expect, test } from "vitest";

import { ChatError } from "../../sdk/index.ts";
import { rememberedRooms } from "../rooms/room-memory.ts";
import type { FakeRoom } from "../testing/room.ts";
import { eachTest, type Page } from "../testing/page.tsx";

let page: Page;
let room: FakeRoom;
eachTest((opened) => {
  page = opened;
});
beforeEach(async () => {
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea" });
  room = page.chat.rooms.get("tea")!;
  room.role = "owner";
  room.visibility = "private";
  page.chat.change();
  await page.settled();
});

test("an owner renames the room, and an invisible name is rejected", async () => {
  await page.click("Room settings");
  await page.type("Name", "\u200b ");
  await page.submit();
  expect(page.text).toContain("Please enter a visible name.");

  await page.type("Name", " Tea  time ");
  await page.submit();

  expect(room.calls).toEqual(["update Tea time"]);
  expect(page.texts("main h2 .name")).toEqual(["Tea time"]);
});

test("making a room public asks first", async () => {
  await page.click("Room settings");
  await page.click("Make the room public…");
  expect(page.text).toContain("It can't be made private again.");

  await page.click("Make it public");

  expect(room.calls).toEqual(["update public"]);
  expect(page.texts("main h2 .tag")).toEqual([]);
});

test("deleting a room asks first, and removes it from the list", async () => {
  await page.click("Room settings");
  await page.click("Delete the room…");
  expect(room.calls).toEqual([]);

  await page.click("Delete it for everyone");

  expect(room.calls).toEqual(["delete"]);
  expect(location.hash).toBe("#/");
  expect(rememberedRooms(page.store)).toEqual([]);
});

test("a moderator can unban, but not rename or delete the room", async () => {
  room.role = "moderator";
  room.banned = [{ userId: "eve", name: "Eve" }];
  await page.click("Room settings");
  expect(() => page.field("Name")).toThrow();
  expect(() => page.find("Delete the room…")).toThrow();

  await page.click("Unban Eve");

  expect(room.calls).toEqual(["unban eve"]);
  expect(page.text).toContain("Nobody is banned.");
});

const DAY = 86_400_000;

test("a moderator sees open invites and revokes one after a question", async () => {
  room.role = "moderator";
  room.members = [
    { userId: "alice", name: "Alice", role: "owner" },
    { userId: "bob", name: "Bob" },
  ];
  const expiresAt = Date.now() + DAY;
  room.invites = [
    { inviteId: "1", createdBy: "alice", expiresAt, uses: 3 },
    { inviteId: "2", createdBy: "mallory", expiresAt, uses: 1 },
  ];
  await page.click("Room settings");
  const [first, second] = page.texts("dialog .invite-entry");
  expect(first).toContain("Alice");
  expect(first).toContain("3 uses left, until");
  expect(second).toContain("Not valid: its creator may not invite now.");

  await page.click("Revoke the invite of Alice, 3 uses left");
  expect(room.calls).toEqual([]);
  await page.click("Revoke");

  expect(room.calls).toEqual(["revokeInvite 1"]);
  expect(page.texts("dialog h2")).toEqual(["Room settings"]);
  expect(page.texts("dialog .invite-entry")).toHaveLength(1);
});

test("a question about an invite leads back to the settings, and a failure is shown", async () => {
  room.invites = [{ inviteId: "1", createdBy: "alice", expiresAt: Date.now() + DAY, uses: 1 }];
  await page.click("Room settings");
  await page.click("Revoke the invite of alice, 1 use left");
  await page.click("Cancel");
  expect(page.texts("dialog h2")).toEqual(["Room settings"]);
  expect(room.calls).toEqual([]);

  room.rejection = new ChatError("forbidden", "not any more");
  await page.click("Revoke the invite of alice, 1 use left");
  await page.click("Revoke");

  expect(page.texts("dialog h2")).toEqual(["Revoke the invite?"]);
  expect(page.texts("dialog [role=alert]").join("")).not.toBe("");
});

test("a private room without invites says so, and a public room has no list of invites", async () => {
  await page.click("Room settings");
  expect(page.text).toContain("There are none.");
  await page.click("Close");

  room.visibility = "public";
  page.chat.change();
  await page.settled();
  await page.click("Room settings");

  expect(page.texts("dialog h3")).not.toContain("Open invites");
});

test("more invites are loaded on demand", async () => {
  const invite = { createdBy: "alice", expiresAt: Date.now() + DAY, uses: 1 };
  room.listInvites = (options?: { cursor?: string }) =>
    Promise.resolve(
      options?.cursor
        ? { entries: [{ ...invite, inviteId: "2" }], cursor: undefined }
        : { entries: [{ ...invite, inviteId: "1" }], cursor: "1" },
    );
  await page.click("Room settings");
  expect(page.texts("dialog .invite-entry")).toHaveLength(1);

  await page.click("Show more invites");

  expect(page.texts("dialog .invite-entry")).toHaveLength(2);
});

test("an owner removes a member who is away", async () => {
  room.away = [{ userId: "dave", name: "Dave" }];
  await page.click("Room settings");
  expect(page.texts("dialog h3")).toEqual(["Members", "Open invites", "Banned people"]);
  expect(page.texts("dialog li .name")).toContain("Dave");

  await page.click("Actions for Dave");
  await page.click("Remove from the room…");
  expect(page.text).toContain("To rejoin, they need a new invite.");
  await page.click("Remove");

  expect(room.calls).toEqual(["kick dave"]);
});

test("the settings of a public room list owners and moderators", async () => {
  room.visibility = "public";
  room.away = [{ userId: "dave", name: "Dave", role: "moderator" }];
  await page.click("Room settings");

  expect(page.texts("dialog h3")).toEqual(["Owners and moderators", "Banned people"]);
  expect(page.texts("dialog li .tag")).toContain("moderator");
});

test("an own message can be deleted, and a note replaces it", async () => {
  room.role = undefined;
  room.receive("alice", "A secret");
  room.receive("bob", "Hello");
  await page.settled();
  expect(document.querySelectorAll("[aria-label='Delete this message']")).toHaveLength(1);

  await page.click("Delete this message");
  await page.click("Delete");

  expect(room.calls).toEqual(["deleteMessage 1"]);
  expect(page.texts(".bubble")).toEqual(["Message deleted", "Hello"]);
  expect(page.texts(".tombstone")).toHaveLength(1);
});

test("a moderator can delete the messages of others", async () => {
  room.role = "moderator";
  room.receive("bob", "Rubbish");
  await page.settled();

  await page.click("Delete this message");
  expect(page.texts("dialog blockquote")).toEqual(["Rubbish"]);
  await page.click("Delete");

  expect(page.texts(".bubble")).toEqual(["Message deleted"]);
});

test("the only owner cannot leave, reads why, and can hide the room", async () => {
  page.chat.leaveError = new ChatError("forbidden", "the last owner");
  await page.click("Leave the room");
  await page.click("Leave");
  expect(page.text).toContain("You are the only owner.");
  expect(rememberedRooms(page.store)).toHaveLength(1);

  await page.click("Just hide it from my list");

  expect(rememberedRooms(page.store)).toEqual([]);
});

test("unbanning a user keeps the page that was loaded meanwhile", async () => {
  const eve = { userId: "eve", name: "Eve" };
  const pages = [
    { entries: [eve], cursor: "2" },
    { entries: [{ userId: "mallory", name: "Mallory" }], cursor: undefined },
  ];
  let confirm = (): void => undefined;
  room.listRoles = (options?: { banned?: boolean; cursor?: string }) =>
    Promise.resolve(
      options?.banned ? pages[options.cursor ? 1 : 0]! : { entries: [], cursor: undefined },
    );
  room.unban = () => new Promise((resolve) => (confirm = resolve));
  await page.click("Room settings");

  await page.click("Unban Eve");
  await page.click("Show more");
  confirm();
  await page.settled();

  expect(page.texts("dialog li .name")).toEqual(["Mallory"]);
});

test.each([
  ["Leave the room", "Leave", "leave"],
  ["Room settings", "Delete it for everyone", "delete"],
])("a late reply to %s does not leave the room that is in view then", async (dialog, yes, call) => {
  page.chat.existing.add("milk");
  let confirm = (): void => undefined;
  const late = (): Promise<void> => new Promise((resolve) => (confirm = resolve));
  if (call === "leave") page.chat.leaveRoom = late;
  else room.delete = late;
  await page.click(dialog);
  if (call === "delete") await page.click("Delete the room…");
  await page.click(yes);
  await page.click("Close");

  await page.go("#/room/milk");
  confirm();
  await page.settled();

  expect(location.hash).toBe("#/room/milk");
  expect(rememberedRooms(page.store).map(({ roomId }) => roomId)).toEqual(["milk"]);
});
