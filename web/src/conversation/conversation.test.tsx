// @vitest-environment happy-dom
/** One room: what is shown, what is read out, and what one can do. */

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
  await page.signedIn().open({ hash: "#/room/tea" });
  return page.chat.rooms.get("tea")!;
}

test("shows what is said, and reads out only what is new", async () => {
  page.chat.existing.add("tea");
  page.chat.resume([{ roomId: "tea" }]);
  const room = page.chat.rooms.get("tea")!;
  room.hear("bob", "before");
  await openTea();
  expect(page.texts("[role=log] p")).toEqual([]);

  room.hear("bob", "Milk first?");
  room.hear("alice", "Never.");
  await page.settled();

  expect(page.texts(".bubble")).toEqual(["before", "Milk first?", "Never."]);
  expect(page.texts("[data-own=true] .bubble")).toEqual(["Never."]);
  expect(page.texts("[role=log] p")).toEqual(["bob: Milk first?"]);
});

test("markup in texts and names is shown as it is", async () => {
  const room = await openTea();
  const markup = `<img src=x onerror="alert(1)"><script>alert(1)</script>`;
  room.name = markup;
  room.members = [{ userId: "eve", name: markup }];

  room.hear(markup, markup);
  await page.settled();

  expect(page.texts(".bubble")).toEqual([markup]);
  expect(page.texts("main h2 .name")).toEqual([markup]);
  expect(document.querySelectorAll("img, script")).toHaveLength(0);
});

test("only links to the web can be clicked, and tell nothing of this page", async () => {
  const room = await openTea();

  room.hear("bob", "https://a.example/ and javascript:alert(1)");
  await page.settled();

  const links = [...document.querySelectorAll<HTMLAnchorElement>(".bubble a")];
  expect(links.map((link) => [link.href, link.rel, link.target])).toEqual([
    ["https://a.example/", "noopener noreferrer", "_blank"],
  ]);
});

test("Enter sends; with Shift, or while a character is composed, it does not", async () => {
  const room = await openTea();
  await page.type(FIELD, " one\n two ");

  await page.press(FIELD, "Enter", { shiftKey: true });
  await page.press(FIELD, "Enter", { isComposing: true });
  await page.press(FIELD, "Enter", { keyCode: 229 });
  expect(room.asked).toEqual([]);

  await page.press(FIELD, "Enter");
  expect(room.asked).toEqual(["send  one\n two"]);
  expect(page.field(FIELD).value).toBe("");
  expect(page.text).toContain("Sending…");
});

test("neither nothing nor too much can be sent", async () => {
  const room = await openTea();

  await page.type(FIELD, " \n ");
  await page.press(FIELD, "Enter");
  await page.type(FIELD, "x".repeat(95));
  expect(page.text).toContain("5 characters left");
  await page.type(FIELD, "🍵".repeat(101));
  await page.press(FIELD, "Enter");

  expect(page.text).toContain("1 characters too many");
  expect(room.asked).toEqual([]);
});

test("what has to wait says so, and that it will be sent", async () => {
  const room = await openTea();
  room.send("hello");
  const error = new ChatError("rate_limited", "", 3_000);
  room.outgoing = room.outgoing.map((entry) => ({ ...entry, error }));

  page.chat.change();
  await page.settled();

  expect(page.text).toContain("You are writing faster than this chat takes it. It is sent in a");
  expect(page.text).not.toContain("Retry");
});

test("what has failed says why, and can be tried again or discarded", async () => {
  const room = await openTea();
  room.send("hello");
  room.outgoing = room.outgoing.map((entry) => ({
    ...entry,
    state: "failed" as const,
    error: new ChatError("rate_limited", "", 3_000),
  }));
  page.chat.change();
  await page.settled();
  expect(page.text).toContain("Not sent. That was a lot at once. Try again in 3 s.");

  await page.click("Retry");
  await page.click("Discard");

  expect(room.asked.slice(1)).toEqual(["retry id-0", "discard id-0"]);
  expect(page.texts(".bubble")).toEqual([]);
});

test("a draft is there again when one comes back", async () => {
  page.chat.existing.add("milk");
  await openTea();
  await page.type(FIELD, "half a thou");

  await page.go("#/room/milk");
  expect(page.field("Message to Room milk").value).toBe("");
  expect(page.text).toContain("Draft: half a thou");

  await page.go("#/room/tea");
  expect(page.field(FIELD).value).toBe("half a thou");
});

test("what came while one was away is marked as new, until one answers", async () => {
  page.chat.existing.add("tea");
  page.chat.resume([{ roomId: "tea" }]);
  const room = page.chat.rooms.get("tea")!;
  room.hear("bob", "old");
  room.hear("bob", "new");
  page.store.write("read.tea", 1);

  await openTea();
  expect(page.texts(".fresh")).toEqual(["New messages"]);
  expect(page.texts(".row").findIndex((text) => text.includes("New messages"))).toBe(1);

  await page.type(FIELD, "answer");
  await page.press(FIELD, "Enter");
  expect(page.texts(".fresh")).toEqual([]);
});

test("tells that messages may be missing, until one has seen it", async () => {
  const room = await openTea();
  room.hasDiscontinuity = true;
  page.chat.change();
  await page.settled();
  expect(page.text).toContain("may be missing");

  await page.click("All right");

  expect(page.text).not.toContain("may be missing");
});

test("older messages are asked for, and a failure can be tried again", async () => {
  page.chat.existing.add("tea");
  page.chat.resume([{ roomId: "tea" }]);
  const room = page.chat.rooms.get("tea")!;
  room.hear("bob", "latest");
  room.hasOlder = true;
  await openTea();
  expect(room.asked).toEqual(["loadOlder"]);
  expect(page.text).toContain("Older messages could not be loaded.");

  await page.click("Try again");

  expect(room.asked).toEqual(["loadOlder", "loadOlder"]);
});

test("lists who is there, oneself first, and how many more", async () => {
  const room = await openTea();
  room.members = [
    { userId: "bob", name: "Bob" },
    { userId: "alice", name: "Alice" },
  ];
  room.memberCount = 5;
  page.chat.change();
  await page.settled();
  if (page.texts(".members-list").length === 0) await page.click("Show the people");

  expect(page.texts(".members-list .name")).toEqual(["Alice", "Bob"]);
  expect(page.text).toContain("and 3 more");
  expect(page.text).toContain("5 people here");
});
