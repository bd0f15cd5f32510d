// @vitest-environment happy-dom
/** Roles and moderation: the menus, the questions before an action, and the errors. */

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
  await page.asGuest().open({ hash: "#/room/tea" });
  room = page.chat.rooms.get("tea")!;
  room.members = [...room.members, BOB];
  room.memberCount = 2;
});

/** Give the user a role and show the members. */
async function as(role: Member["role"]): Promise<void> {
  room.role = role;
  page.chat.change();
  await page.settled();
  if (page.texts(".members-list").length === 0) await page.click("Show members");
}

async function mute(): Promise<void> {
  room.mutedUntil = Date.now() + 60_000;
  page.chat.change();
  await page.settled();
}

test("a user without a role sees the roles of others, and no menus", async () => {
  room.members = [{ ...BOB, role: "owner" }, ...room.members.slice(0, 1)];
  await as(undefined);

  expect(page.texts(".members-list .tag")).toEqual(["you", "owner"]);
  expect(() => page.find("Actions for Bob")).toThrow();
  expect(() => page.find("Room settings")).toThrow();
});

test.each([
  ["Make moderator", "setRole bob moderator"],
  ["Mute for 5 minutes", "mute bob 300"],
  ["Mute for 1 day", "mute bob 86400"],
])("an owner can: %s", async (label, call) => {
  await as("owner");
  await page.click("Actions for Bob");

  await page.click(label);

  expect(room.calls).toContain(call);
  expect(page.texts("dialog .choices")).toEqual([]);
});

test("a new role and a mute are shown at once, and a mute can be ended", async () => {
  await as("owner");
  await page.click("Actions for Bob");
  await page.click("Make moderator");
  expect(page.texts(".members-list .tag")).toContain("moderator");

  await page.click("Actions for Bob");
  await page.click("Mute for 1 hour");
  expect(page.texts(".members-list .tag")).toContain("muted");

  await page.click("Actions for Bob");
  await page.click("Unmute");
  expect(room.calls.at(-1)).toBe("mute bob 0");
  expect(page.texts(".members-list .tag")).not.toContain("muted");
});

test.each([
  ["Remove from the room…", "Remove", "kick bob"],
  ["Ban…", "Ban", "ban bob"],
])("%s asks first", async (label, yes, call) => {
  await as("moderator");
  await page.click("Actions for Bob");
  await page.click(label);
  expect(room.calls).toEqual([]);

  await page.click(yes);

  expect(room.calls).toEqual([call]);
  expect(page.texts("dialog h2")).not.toContain("Bob");
});

test("the tag of a muted member says until when", async () => {
  await as("owner");
  room.members = [{ ...BOB, mutedUntil: new Date(Date.now() + 60_000).toISOString() }];
  page.chat.change();
  await page.settled();

  const tag = document.querySelector(".members-list .tag.quiet");

  expect(tag?.getAttribute("title")).toMatch(/^Muted until \d/);
});

test("making a user an owner asks first, because it cannot be taken back", async () => {
  await as("owner");
  await page.click("Actions for Bob");
  await page.click("Make owner…");
  expect(page.text).toContain("You can't take this back");
  expect(room.calls).toEqual([]);

  await page.click("Make owner");

  expect(room.calls).toEqual(["setRole bob owner"]);
});

test("an error of the server is shown, and the dialog stays open", async () => {
  await as("moderator");
  room.rejection = new ChatError("forbidden", "only an owner may");
  await page.click("Actions for Bob");

  await page.click("Mute for 1 hour");

  expect(page.texts("dialog [role=alert]").join()).toContain("You are not allowed to do that here");
  expect(page.find("Mute for 1 hour")).toBeDefined();
});

test("a muted user can read, sees the end of the mute, and keeps the draft", async () => {
  await page.type("Message to Room tea", "half a thou");
  room.mutedUntil = Date.now() + 60_000;
  page.chat.change();
  await page.settled();

  await page.press("Message to Room tea", "Enter");

  const field = page.field("Message to Room tea");
  expect(field.readOnly).toBe(true);
  expect(field.value).toBe("half a thou");
  expect(page.text).toMatch(/You are muted until .+ You can still read messages\./);
  expect(room.calls).toEqual([]);
});

test("a muted user sees no button to delete an own message until the mute ends", async () => {
  room.receive("alice", "Mine");
  await page.settled();
  expect(page.find("Delete this message")).toBeDefined();

  await mute();
  expect(() => page.find("Delete this message")).toThrow();

  room.mutedUntil = undefined;
  page.chat.change();
  await page.settled();
  expect(page.find("Delete this message")).toBeDefined();
});

test("a muted moderator can read and leave, and sees nothing that the server refuses", async () => {
  room.visibility = "private";
  room.banned = [{ userId: "eve", name: "Eve" }];
  room.invites = [{ inviteId: "1", createdBy: "bob", expiresAt: Date.now() + 60_000, uses: 3 }];
  room.receive("bob", "Rubbish");
  await as("moderator");
  expect(page.find("Invite people")).toBeDefined();
  expect(page.find("Actions for Bob")).toBeDefined();

  await mute();

  expect(() => page.find("Delete this message")).toThrow();
  expect(() => page.find("Actions for Bob")).toThrow();
  expect(() => page.find("Invite people")).toThrow();
  expect(page.find("Leave the room")).toBeDefined();
  await page.click("Room settings");
  expect(page.text).toContain("Eve");
  expect(page.texts("dialog .invite-entry")).toHaveLength(1);
  for (const label of ["Unban Eve", "Revoke the invite of Bob, 3 uses left", "Actions for Bob"]) {
    expect(() => page.find(label)).toThrow();
  }
});

test("an open menu of a moderator who is muted offers no action", async () => {
  await as("moderator");
  await page.click("Actions for Bob");
  expect(page.texts("dialog .choices button")).not.toEqual([]);

  await mute();

  expect(page.texts("dialog .choices button")).toEqual([]);
});

test.each([
  ["kicked", "You were removed from this room", "You were removed"],
  ["banned", "You are banned from this room", "You are banned"],
  ["deleted", "This room was deleted", "This room was deleted"],
] as const)("a user who was %s reads so, also at the next visit", async (code, title, line) => {
  room.status = "failed";
  room.error = new ChatError(code, "");
  page.chat.change();
  await page.settled();
  expect(page.text).toContain(title);
  expect(page.texts(".room-preview")).toEqual([line]);

  page.chat.rooms.clear();
  page.chat.calls.length = 0;
  await page.go("#/");
  await page.go("#/room/tea");

  expect(page.text).toContain(title);
  expect(page.chat.calls).not.toContain("resume tea");
  await page.click("Remove from my list");
  expect(page.texts(".room-preview")).toEqual([]);
});

test("a removed user can rejoin with a button", async () => {
  room.status = "failed";
  room.error = new ChatError("kicked", "");
  page.chat.change();
  await page.settled();

  await page.click("Rejoin");

  expect(page.chat.calls.at(-1)).toBe("resume tea");
  expect(page.field("Message to Room tea")).toBeDefined();
  expect(page.texts(".room-preview")).toEqual(["No messages yet"]);
});

test("a late reply to an action does not close the menu of another member", async () => {
  room.members = [...room.members, { userId: "carol", name: "Carol" }];
  let confirm = (): void => undefined;
  room.mute = () => new Promise((resolve) => (confirm = resolve));
  await as("moderator");
  await page.click("Actions for Bob");
  await page.click("Mute for 1 hour");
  [...document.querySelectorAll<HTMLElement>("dialog [aria-label=Close]")].at(-1)?.click();
  await page.settled();
  await page.click("Actions for Carol");

  confirm();
  await page.settled();

  expect(page.texts("dialog h2").at(-1)).toBe("Carol");
  expect(page.find("Mute for 1 hour")).toBeDefined();
});
