// @vitest-environment happy-dom
/** Private rooms: creating a room, inviting people, and following an invite. */

import { expect, test } from "vitest";

import { ChatError } from "../../sdk/index.ts";
import { inviteTo } from "../rooms/invite-links.ts";
import type { FakeRoom } from "../testing/room.ts";
import { eachTest, type Page } from "../testing/page.tsx";

let page: Page;
eachTest((opened) => {
  page = opened;
});

/** Open a private room as its owner. */
async function openOwnRoom(): Promise<FakeRoom> {
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea" });
  const room = page.chat.rooms.get("tea")!;
  room.visibility = "private";
  room.role = "owner";
  page.chat.change();
  await page.settled();
  return room;
}

test("the id of a private room cannot be chosen", async () => {
  await page.asGuest().open();
  await page.click("New room");
  await page.type("Name", "Plans");

  await page.choose("Private");
  expect(() => page.field("Room link")).toThrow();
  await page.submit();

  expect(page.chat.calls).toContain("create private");
  expect(page.texts("main h2 .tag")).toEqual(["private"]);
});

test("an owner creates a link with a number of uses and a lifetime", async () => {
  const room = await openOwnRoom();
  await page.click("Invite people");
  await page.choose("Expires after", "3600");
  await page.choose("Can be used by", "5");

  await page.submit();

  expect(room.calls).toEqual(["createInvite 3600 5"]);
  expect(page.field("Invite link").value).toMatch(/#\/room\/tea\?invite=s3cret$/);
  expect(page.text).toMatch(/Works until .+ for 5 new members\./);
});

test("an error of the link is shown in the dialog", async () => {
  const room = await openOwnRoom();
  room.rejection = new ChatError("rate_limited", "", 3_000);
  await page.click("Invite people");

  await page.submit();

  expect(page.texts("dialog [role=alert]").join()).toContain("Try again in 3 s.");
});

test("people of the user's other rooms can be invited once each", async () => {
  page.chat.existing.add("milk");
  const room = await openOwnRoom();
  page.chat.resume([{ roomId: "milk" }]);
  page.chat.rooms.get("milk")!.members = [
    { userId: "alice", name: "Alice" },
    { userId: "bob", name: "Bob" },
    { userId: "carol", name: "Carol" },
  ];
  room.members = [...room.members, { userId: "carol", name: "Carol" }];
  await page.click("Invite people");
  expect(page.texts("dialog .members-list .name")).toEqual(["Bob"]);

  await page.click("Invite Bob");

  expect(room.calls).toEqual(["invite bob"]);
  expect(page.texts("dialog .tag")).toEqual(["invited"]);
  expect(() => page.find("Invite Bob")).toThrow();
});

test("a user who may not invite copies the plain link", async () => {
  const room = await openOwnRoom();
  room.role = undefined;
  page.chat.change();
  await page.settled();

  expect(() => page.find("Invite people")).toThrow();
  expect(page.find("Copy a link to this room")).toBeDefined();
  expect(page.text).not.toContain("invite people");
});

test("an invite in the address is used, and removed from the address and the store", async () => {
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea?invite=s3cret" });

  expect(page.chat.calls).toContain("resume tea by s3cret");
  expect(location.hash).toBe("#/room/tea");
  expect(inviteTo(page.store, "tea")).toBeUndefined();
});

test.each(["#/", "#/room/milk", "#/room/tea"])(
  "a link that is followed from %s is used",
  async (hash) => {
    page.chat.existing.add("milk");
    await page.asGuest().open({ hash });
    page.chat.existing.add("tea");

    await page.go("#/room/tea?invite=s3cret");

    expect(page.chat.calls).toContain("resume tea by s3cret");
    expect(location.hash).toBe("#/room/tea");
  },
);

test("an invite is used once, also if the reply is slow", async () => {
  page.chat.isSlow = true;
  await page.asGuest().open({ hash: "#/room/tea?invite=s3cret" });

  for (let change = 0; change < 3; change++) page.chat.change();
  await page.settled();

  expect(page.chat.calls.filter((call) => call.startsWith("resume"))).toHaveLength(1);
});

test("an invite is used after the user has signed in", async () => {
  page.chat.existing.add("tea");
  await page.open({ hash: "#/room/tea?invite=s3cret" });
  expect(location.hash).toBe("#/room/tea");

  await page.type("Your name", "Alice");
  await page.submit();

  expect(page.chat.calls).toContain("resume tea by s3cret");
});

test("a rejected invite does not reveal whether the room exists", async () => {
  const id = "private-0123456789abcdef";
  await page.asGuest().open({ hash: `#/room/${id}?invite=old` });

  expect(page.text).toContain("There is no such room");
  expect(page.text).toContain("used up, expired or revoked");
  expect(() => page.find("Create it now")).toThrow();
});

test("an invitation is shown and can be dismissed", async () => {
  await page.asGuest().open();
  const by = { userId: "bob", name: "Bob" };
  page.chat.invitations = [{ roomId: "tea", name: "Plans", by }];
  page.chat.change();
  await page.settled();
  expect(page.texts("[aria-label=Invitations] p")).toEqual(["Bob invites you to Plans"]);

  await page.click("Not now");

  expect(page.texts("[aria-label=Invitations]")).toEqual([]);
});
