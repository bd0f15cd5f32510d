// @vitest-environment happy-dom
/** Private rooms: opening one, letting people in, and following an invite. */

import { expect, test } from "vitest";

import { ChatError } from "../../sdk/index.ts";
import { inviteTo } from "../rooms/invite-links.ts";
import type { FakeRoom } from "../testing/room.ts";
import { eachTest, type Page } from "../testing/page.tsx";

let page: Page;
eachTest((opened) => {
  page = opened;
});

/** A private room, of which one is the owner. */
async function own(): Promise<FakeRoom> {
  page.chat.existing.add("tea");
  await page.signedIn().open({ hash: "#/room/tea" });
  const room = page.chat.rooms.get("tea")!;
  room.visibility = "private";
  room.role = "owner";
  page.chat.change();
  await page.settled();
  return room;
}

test("a private room is opened without an address of one's own choice", async () => {
  await page.signedIn().open();
  await page.click("New room");
  await page.type("Name", "Plans");

  await page.choose("Private");
  expect(() => page.field("Address")).toThrow();
  await page.submit();

  expect(page.chat.asked).toContain("create private");
  expect(page.texts("main h2 .tag")).toEqual(["private"]);
});

test("an owner makes a link for as many and as long as they choose", async () => {
  const room = await own();
  await page.click("Invite people");
  await page.choose("Good for", "3600");
  await page.choose("Lets in", "5");

  await page.submit();

  expect(room.asked).toEqual(["createInvite 3600 5"]);
  expect(page.field("Link with the invite").value).toMatch(/#\/room\/tea\?invite=s3cret$/);
  expect(page.text).toMatch(/Good until .+, for 5 new members\./);
});

test("why no link could be made is said in the dialog", async () => {
  const room = await own();
  room.rejection = new ChatError("rate_limited", "", 3_000);
  await page.click("Invite people");

  await page.submit();

  expect(page.texts("dialog [role=alert]").join()).toContain("Try again in 3 s.");
});

test("people of one's other rooms can be made members, each once", async () => {
  page.chat.existing.add("milk");
  const room = await own();
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

  expect(room.asked).toEqual(["invite bob"]);
  expect(page.texts("dialog .tag")).toEqual(["invited"]);
  expect(() => page.find("Invite Bob")).toThrow();
});

test("whoever may not invite copies the plain link", async () => {
  const room = await own();
  room.role = undefined;
  page.chat.change();
  await page.settled();

  expect(() => page.find("Invite people")).toThrow();
  expect(page.find("Copy a link to this room")).toBeDefined();
  expect(page.text).not.toContain("invite somebody");
});

test("an invite in the address is used, and out of the address and the store", async () => {
  page.chat.existing.add("tea");
  await page.signedIn().open({ hash: "#/room/tea?invite=s3cret" });

  expect(page.chat.asked).toContain("resume tea by s3cret");
  expect(location.hash).toBe("#/room/tea");
  expect(inviteTo(page.store, "tea")).toBeUndefined();
});

test.each(["#/", "#/room/milk", "#/room/tea"])(
  "a link that is followed from %s is used",
  async (hash) => {
    page.chat.existing.add("milk");
    await page.signedIn().open({ hash });
    page.chat.existing.add("tea");

    await page.go("#/room/tea?invite=s3cret");

    expect(page.chat.asked).toContain("resume tea by s3cret");
    expect(location.hash).toBe("#/room/tea");
  },
);

test("an invite is used once, however long the answer takes", async () => {
  page.chat.isSlow = true;
  await page.signedIn().open({ hash: "#/room/tea?invite=s3cret" });

  for (let change = 0; change < 3; change++) page.chat.change();
  await page.settled();

  expect(page.chat.asked.filter((what) => what.startsWith("resume"))).toHaveLength(1);
});

test("an invite waits for whoever has to sign in first", async () => {
  page.chat.existing.add("tea");
  await page.open({ hash: "#/room/tea?invite=s3cret" });
  expect(location.hash).toBe("#/room/tea");

  await page.type("Your name", "Alice");
  await page.submit();

  expect(page.chat.asked).toContain("resume tea by s3cret");
});

test("an invite that lets nobody in is said to be none, without a word on the room", async () => {
  const id = "private-0123456789abcdef";
  await page.signedIn().open({ hash: `#/room/${id}?invite=old` });

  expect(page.text).toContain("There is no such room");
  expect(page.text).toContain("used up or too old");
  expect(() => page.find("Open it now")).toThrow();
});

test("an invitation is shown, and can be put aside", async () => {
  await page.signedIn().open();
  const by = { userId: "bob", name: "Bob" };
  page.chat.invitations = [{ roomId: "tea", name: "Plans", by }];
  page.chat.change();
  await page.settled();
  expect(page.texts("[aria-label=Invitations] p")).toEqual(["Bob invites you to Plans"]);

  await page.click("Not now");

  expect(page.texts("[aria-label=Invitations]")).toEqual([]);
});
