// @vitest-environment happy-dom
/** Roles and moderation: who sees what, what it asks for, and how a refusal is told. */

import { beforeEach, expect, test } from "vitest";

import { ChatError, type Member } from "../../sdk/index.ts";
import type { FakeRoom } from "../testing/room.ts";
import { eachTest, type Page } from "../testing/page.tsx";

const BOB: Member = { userId: "bob", name: "Bob" };
let page: Page;
let room: FakeRoom;
eachTest((opened) => {
  page = opened;
});
beforeEach(async () => {
  page.chat.existing.add("tea");
  await page.signedIn().open({ hash: "#/room/tea" });
  room = page.chat.rooms.get("tea")!;
  room.members = [...room.members, BOB];
  room.memberCount = 2;
});

/** Be somebody in the room, and look at who is there. */
async function as(role: Member["role"]): Promise<void> {
  room.role = role;
  page.chat.change();
  await page.settled();
  if (page.texts(".members-list").length === 0) await page.click("Show the people");
}

test("whoever has no role sees who has one, and no menus", async () => {
  room.members = [{ ...BOB, role: "owner" }, ...room.members.slice(0, 1)];
  await as(undefined);

  expect(page.texts(".members-list .tag")).toEqual(["you", "owner"]);
  expect(() => page.find("What to do about Bob")).toThrow();
  expect(() => page.find("Room settings")).toThrow();
});

test.each([
  ["Make moderator", "setRole bob moderator"],
  ["Make owner", "setRole bob owner"],
  ["Mute for 5 minutes", "mute bob 300"],
  ["Mute for 1 day", "mute bob 86400"],
])("an owner can: %s", async (label, asked) => {
  await as("owner");
  await page.click("What to do about Bob");

  await page.click(label);

  expect(room.asked).toContain(asked);
  expect(page.texts("dialog .choices")).toEqual([]);
});

test("a new role and a mute are shown at once, and can be taken back", async () => {
  await as("owner");
  await page.click("What to do about Bob");
  await page.click("Make moderator");
  expect(page.texts(".members-list .tag")).toContain("moderator");

  await page.click("What to do about Bob");
  await page.click("Mute for 1 hour");
  expect(page.texts(".members-list .tag")).toContain("muted");

  await page.click("What to do about Bob");
  await page.click("Let them speak again");
  expect(room.asked.at(-1)).toBe("mute bob 0");
  expect(page.texts(".members-list .tag")).not.toContain("muted");
});

test.each([
  ["Remove from the room…", "Remove", "kick bob"],
  ["Ban…", "Ban", "ban bob"],
])("%s asks first", async (label, yes, asked) => {
  await as("moderator");
  await page.click("What to do about Bob");
  await page.click(label);
  expect(room.asked).toEqual([]);

  await page.click(yes);

  expect(room.asked).toEqual([asked]);
  expect(page.texts("dialog h2")).not.toContain("Bob");
});

test("what the server refuses is said in plain words, and the dialog stays", async () => {
  await as("moderator");
  room.rejection = new ChatError("forbidden", "only an owner may");
  await page.click("What to do about Bob");

  await page.click("Mute for 1 hour");

  expect(page.texts("dialog [role=alert]").join()).toContain("You may not do that here");
  expect(page.find("Mute for 1 hour")).toBeDefined();
});

test("who is muted can read, sees until when, and keeps the draft", async () => {
  await page.type("Message to Room tea", "half a thou");
  room.mutedUntil = Date.now() + 60_000;
  page.chat.change();
  await page.settled();

  await page.press("Message to Room tea", "Enter");

  const field = page.field("Message to Room tea");
  expect(field.readOnly).toBe(true);
  expect(field.value).toBe("half a thou");
  expect(page.text).toMatch(/You are muted until .+ You can read on\./);
  expect(room.asked).toEqual([]);
});

test.each([
  ["kicked", "You have been put out", "You were put out"],
  ["banned", "You are banned from this room", "You are banned"],
  ["deleted", "This room is no more", "This room was deleted"],
] as const)("whoever was %s is told so, also at the next visit", async (code, title, line) => {
  room.status = "failed";
  room.error = new ChatError(code, "");
  page.chat.change();
  await page.settled();
  expect(page.text).toContain(title);
  expect(page.texts(".room-last")).toEqual([line]);

  page.chat.rooms.clear();
  page.chat.asked.length = 0;
  await page.go("#/");
  await page.go("#/room/tea");

  expect(page.text).toContain(title);
  expect(page.chat.asked).not.toContain("resume tea");
  await page.click("Remove it from my list");
  expect(page.texts(".room-last")).toEqual([]);
});

test("whoever was kicked comes back by a press, and is shown as there again", async () => {
  room.status = "failed";
  room.error = new ChatError("kicked", "");
  page.chat.change();
  await page.settled();

  await page.click("Come back");

  expect(page.chat.asked.at(-1)).toBe("resume tea");
  expect(page.field("Message to Room tea")).toBeDefined();
  expect(page.texts(".room-last")).toEqual(["Nothing said yet"]);
});
