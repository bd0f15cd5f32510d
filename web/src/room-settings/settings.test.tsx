// @vitest-environment happy-dom
/** A room's settings, deleting what was said, and leaving. */

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
  await page.signedIn().open({ hash: "#/room/tea" });
  room = page.chat.rooms.get("tea")!;
  room.role = "owner";
  room.visibility = "private";
  page.chat.change();
  await page.settled();
});

test("an owner renames the room; a name that nobody can see is refused here", async () => {
  await page.click("Room settings");
  await page.type("Name", "\u200b ");
  await page.submit();
  expect(page.text).toContain("Please type a name one can see.");

  await page.type("Name", " Tea  time ");
  await page.submit();

  expect(room.asked).toEqual(["update Tea time"]);
  expect(page.texts("main h2 .name")).toEqual(["Tea time"]);
});

test("making a room public asks first", async () => {
  await page.click("Room settings");
  await page.click("Make the room public…");
  expect(page.text).toContain("It cannot be made private again.");

  await page.click("Make it public");

  expect(room.asked).toEqual(["update public"]);
  expect(page.texts("main h2 .tag")).toEqual([]);
});

test("deleting a room asks first, and takes it off the list", async () => {
  await page.click("Room settings");
  await page.click("Delete the room…");
  expect(room.asked).toEqual([]);

  await page.click("Delete it for everybody");

  expect(room.asked).toEqual(["delete"]);
  expect(location.hash).toBe("#/");
  expect(rememberedRooms(page.store)).toEqual([]);
});

test("a moderator lifts bans, and neither renames nor deletes", async () => {
  room.role = "moderator";
  room.banned = [{ userId: "eve", name: "Eve" }];
  await page.click("Room settings");
  expect(() => page.field("Name")).toThrow();
  expect(() => page.find("Delete the room…")).toThrow();

  await page.click("Lift the ban of Eve");

  expect(room.asked).toEqual(["unban eve"]);
  expect(page.text).toContain("Nobody is banned.");
});

test("an owner removes a member who is away", async () => {
  room.away = [{ userId: "dave", name: "Dave" }];
  await page.click("Room settings");
  expect(page.texts("dialog h3")).toEqual(["Members", "Banned people"]);
  expect(page.texts("dialog li .name")).toContain("Dave");

  await page.click("What to do about Dave");
  await page.click("Remove from the room…");
  expect(page.text).toContain("To come back they need a new invite.");
  await page.click("Remove");

  expect(room.asked).toEqual(["kick dave"]);
});

test("of a public room it is said who keeps order", async () => {
  room.visibility = "public";
  room.away = [{ userId: "dave", name: "Dave", role: "moderator" }];
  await page.click("Room settings");

  expect(page.texts("dialog h3")).toEqual(["Owners and moderators", "Banned people"]);
  expect(page.texts("dialog li .tag")).toContain("moderator");
});

test("an own message is deleted for everybody, and leaves a mark", async () => {
  room.role = undefined;
  room.receive("alice", "A secret");
  room.receive("bob", "Hello");
  await page.settled();
  expect(document.querySelectorAll("[aria-label='Delete this message']")).toHaveLength(1);

  await page.click("Delete this message");
  await page.click("Delete");

  expect(room.asked).toEqual(["deleteMessage 1"]);
  expect(page.texts(".bubble")).toEqual(["Message deleted", "Hello"]);
  expect(page.texts(".tombstone")).toHaveLength(1);
});

test("whoever keeps order deletes what others said", async () => {
  room.role = "moderator";
  room.receive("bob", "Rubbish");
  await page.settled();

  await page.click("Delete this message");
  expect(page.texts("dialog blockquote")).toEqual(["Rubbish"]);
  await page.click("Delete");

  expect(page.texts(".bubble")).toEqual(["Message deleted"]);
});

test("the only owner cannot leave, is told why, and can hide the room", async () => {
  page.chat.leaveError = new ChatError("forbidden", "the last owner");
  await page.click("Leave the room");
  await page.click("Leave");
  expect(page.text).toContain("You are the only owner.");
  expect(rememberedRooms(page.store)).toHaveLength(1);

  await page.click("Only take it off my list");

  expect(rememberedRooms(page.store)).toEqual([]);
});
