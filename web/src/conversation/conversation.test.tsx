// @vitest-environment happy-dom
/** The view of a room: messages, announcements, and the composer. */

import { expect, test } from "vitest";

import { ChatError } from "../../sdk/index.ts";
import type { FakeRoom } from "../testing/room.ts";
import { eachTest, type Page } from "../testing/page.tsx";

let page: Page;
eachTest((opened) => {
  page = opened;
});

const FIELD = "Message to Room tea";

async function openTea(): Promise<FakeRoom> {
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea" });
  return page.chat.rooms.get("tea")!;
}

test("all messages are shown, and only new messages are announced", async () => {
  page.chat.existing.add("tea");
  page.chat.resume([{ roomId: "tea" }]);
  const room = page.chat.rooms.get("tea")!;
  room.receive("bob", "before");
  await openTea();
  expect(page.texts("[role=log] p")).toEqual([]);

  room.receive("bob", "Milk first?");
  room.receive("alice", "Never.");
  await page.settled();

  expect(page.texts(".bubble")).toEqual(["before", "Milk first?", "Never."]);
  expect(page.texts("[data-own=true] .bubble")).toEqual(["Never."]);
  expect(page.texts("[role=log] p")).toEqual(["bob: Milk first?"]);
});

test("markup in texts and names is shown as text", async () => {
  const room = await openTea();
  const markup = `<img src=x onerror="alert(1)"><script>alert(1)</script>`;
  room.name = markup;
  room.members = [{ userId: "eve", name: markup }];

  room.receive(markup, markup);
  await page.settled();

  expect(page.texts(".bubble")).toEqual([markup]);
  expect(page.texts("main h2 .name")).toEqual([markup]);
  expect(document.querySelectorAll("img, script")).toHaveLength(0);
});

test("only HTTP and HTTPS links are links, without a referrer", async () => {
  const room = await openTea();

  room.receive("bob", "https://a.example/ and javascript:alert(1)");
  await page.settled();

  const links = [...document.querySelectorAll<HTMLAnchorElement>(".bubble a")];
  expect(links.map((link) => [link.href, link.rel, link.target])).toEqual([
    ["https://a.example/", "noopener noreferrer", "_blank"],
  ]);
});

test("Enter sends, except with Shift or while a character is composed", async () => {
  const room = await openTea();
  await page.type(FIELD, " one\n two ");

  await page.press(FIELD, "Enter", { shiftKey: true });
  await page.press(FIELD, "Enter", { isComposing: true });
  await page.press(FIELD, "Enter", { keyCode: 229 });
  expect(room.calls).toEqual([]);

  await page.press(FIELD, "Enter");
  expect(room.calls).toEqual(["send  one\n two"]);
  expect(page.field(FIELD).value).toBe("");
  expect(page.text).toContain("Sending…");
});

test("an empty or too long text is not sent", async () => {
  const room = await openTea();

  await page.type(FIELD, " \n ");
  await page.press(FIELD, "Enter");
  await page.type(FIELD, "x".repeat(95));
  expect(page.text).toContain("5 characters left");
  await page.type(FIELD, "🍵".repeat(101));
  await page.press(FIELD, "Enter");

  expect(page.text).toContain("1 characters too many");
  expect(room.calls).toEqual([]);
});

test("a delayed message says that it will be sent", async () => {
  const room = await openTea();
  room.send("hello");
  const error = new ChatError("rate_limited", "", 3_000);
  room.outgoing = room.outgoing.map((entry) => ({ ...entry, error }));

  page.chat.change();
  await page.settled();

  expect(page.text).toContain("You're sending messages too fast. This one will be sent in a");
  expect(page.text).not.toContain("Retry");
});

test("a failed message shows the error, and can be retried or discarded", async () => {
  const room = await openTea();
  room.send("hello");
  room.outgoing = room.outgoing.map((entry) => ({
    ...entry,
    state: "failed" as const,
    error: new ChatError("rate_limited", "", 3_000),
  }));
  page.chat.change();
  await page.settled();
  expect(page.text).toContain("Not sent. Too many requests. Try again in 3 s.");

  await page.click("Retry");
  await page.click("Discard");

  expect(room.calls.slice(1)).toEqual(["retry id-0", "discard id-0"]);
  expect(page.texts(".bubble")).toEqual([]);
});

test("a failed message of a muted user can be discarded, and retried after the mute", async () => {
  const room = await openTea();
  room.send("hello");
  const error = new ChatError("forbidden", "");
  room.outgoing = room.outgoing.map((entry) => ({ ...entry, state: "failed" as const, error }));
  room.mutedUntil = Date.now() + 60_000;
  page.chat.change();
  await page.settled();
  expect(page.find("Discard")).toBeDefined();
  expect(() => page.find("Retry")).toThrow();

  room.mutedUntil = undefined;
  page.chat.change();
  await page.settled();
  expect(page.find("Retry")).toBeDefined();
});

test("a draft is there again when the user comes back", async () => {
  page.chat.existing.add("milk");
  await openTea();
  await page.type(FIELD, "half a thou");

  await page.go("#/room/milk");
  expect(page.field("Message to Room milk").value).toBe("");
  expect(page.text).toContain("Draft: half a thou");

  await page.go("#/room/tea");
  expect(page.field(FIELD).value).toBe("half a thou");
});

test("messages that arrived while the user was away are marked as new until the user replies", async () => {
  page.chat.existing.add("tea");
  page.chat.resume([{ roomId: "tea" }]);
  const room = page.chat.rooms.get("tea")!;
  room.receive("bob", "old");
  room.receive("bob", "new");
  page.store.write("read.tea", 1);

  await openTea();
  expect(page.texts(".new-mark")).toEqual(["New messages"]);
  expect(page.texts(".row").findIndex((text) => text.includes("New messages"))).toBe(1);

  await page.type(FIELD, "answer");
  await page.press(FIELD, "Enter");
  expect(page.texts(".new-mark")).toEqual([]);
});

test("a notice says that messages may be missing, until the user dismisses it", async () => {
  const room = await openTea();
  room.hasDiscontinuity = true;
  page.chat.change();
  await page.settled();
  expect(page.text).toContain("may be missing");

  await page.click("Dismiss");

  expect(page.text).not.toContain("may be missing");
});

test("older messages are loaded, and a failed load can be retried", async () => {
  page.chat.existing.add("tea");
  page.chat.resume([{ roomId: "tea" }]);
  const room = page.chat.rooms.get("tea")!;
  room.receive("bob", "latest");
  room.hasOlder = true;
  await openTea();
  expect(room.calls).toEqual(["loadOlder"]);
  expect(page.text).toContain("Older messages could not be loaded.");

  await page.click("Try again");

  expect(room.calls).toEqual(["loadOlder", "loadOlder"]);
});

test("the members are listed, the user first, with the number of others", async () => {
  const room = await openTea();
  room.members = [
    { userId: "bob", name: "Bob" },
    { userId: "alice", name: "Alice" },
  ];
  room.memberCount = 5;
  page.chat.change();
  await page.settled();
  if (page.texts(".members-list").length === 0) await page.click("Show members");

  expect(page.texts(".members-list .name")).toEqual(["Alice", "Bob"]);
  expect(page.text).toContain("and 3 more");
  expect(page.text).toContain("5 people here");
});
