// @vitest-environment happy-dom
/** Rooms that one cannot be in: why, and what there is to do about it. */

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

/** Somebody who has just been put out of a room. */
async function putOut(roomId: string, visibility: "public" | "private"): Promise<FakeRoom> {
  page.chat.existing.add(roomId);
  await page.signedIn().open({ hash: `#/room/${roomId}` });
  const room = page.chat.rooms.get(roomId)!;
  room.visibility = visibility;
  room.status = "failed";
  room.error = new ChatError("kicked", "");
  page.chat.change();
  await page.settled();
  return room;
}

test("who is put out of a public room can come back", async () => {
  await putOut("tea", "public");

  expect(page.text).toContain("You have been put out of this room. You can come back.");
  expect(page.find("Come back")).toBeDefined();
});

test("who is put out of a private room needs a new invite, also at the next visit", async () => {
  await putOut(PRIVATE, "private");
  for (const visit of ["now", "later"]) {
    expect([visit, page.text]).toEqual([visit, expect.stringContaining("you need a new invite")]);
    expect(page.text).not.toContain("You can come back");
    expect(() => page.find("Come back")).toThrow();

    page.chat.rooms.clear();
    await page.go("#/");
    await page.go(`#/room/${PRIVATE}`);
  }
});

test("who has a new invite comes back by the link", async () => {
  const room = await putOut(PRIVATE, "private");
  await page.go("#/");

  await page.go(`#/room/${PRIVATE}?invite=s3cret`);

  expect(page.chat.asked).toContain(`resume ${PRIVATE} by s3cret`);
  expect(room.status).toBe("joined");
});

test("who is made a member again comes back by a press", async () => {
  await putOut(PRIVATE, "private");
  const by = { userId: "bob", name: "Bob" };
  page.chat.invitations = [{ roomId: PRIVATE, name: "Plans", by }];
  page.chat.change();
  await page.settled();

  await page.click("Come back");

  expect(page.chat.asked.at(-1)).toBe(`resume ${PRIVATE}`);
});

test("a private room that was made public can be come back to, though its address stays", async () => {
  await putOut(PRIVATE, "public");

  expect(page.find("Come back")).toBeDefined();
});

test("a private room that is none to somebody is not said to be unopened", async () => {
  rememberRoom(page.store, { roomId: PRIVATE, name: "Plans" });
  await page.signedIn().open({ hash: `#/room/${PRIVATE}` });

  expect(page.text).toContain("It is private and you are not a member, or it is gone.");
  expect(page.text).toContain("ask for a new one");
  expect(page.text).not.toContain("Nobody has opened");
  expect(() => page.find("Open it now")).toThrow();
});

test("who has as many rooms as one may have is told so, in the dialog", async () => {
  page.chat.createError = TOO_MANY;
  await page.signedIn().open();
  await page.click("New room");
  await page.type("Name", "Tea time");

  await page.submit();

  const [said] = page.texts("dialog [role=alert]");
  expect(said).toContain("You have as many rooms as one may have");
  expect(said).not.toContain("banned");
});

test("and where a link leads to no room yet", async () => {
  page.chat.createError = TOO_MANY;
  await page.signedIn().open({ hash: "#/room/tea" });

  await page.click("Open it now");

  expect(page.text).toContain("You have as many rooms as one may have");
  expect(page.text).not.toContain("banned");
});

test("who may not enter a room is told why that may be", async () => {
  page.chat.existing.add("tea");
  await page.signedIn().open({ hash: "#/room/tea" });
  const room = page.chat.rooms.get("tea")!;
  room.status = "failed";
  room.error = new ChatError("forbidden", "", undefined, undefined, "joinRoom");
  page.chat.change();
  await page.settled();

  expect(page.text).toContain("You are banned from this room, or in as many rooms as one may be");
});
