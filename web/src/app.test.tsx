// @vitest-environment happy-dom
/** The page from the first visit on: who one is, which rooms there are, how one gets into them. */

import { expect, test, vi } from "vitest";

import { ConfigError } from "./lib/config.ts";
import { guestOf } from "./sign-in/guest.ts";
import { rememberedRooms, rememberRoom } from "./rooms/room-memory.ts";
import { eachTest, type Page } from "./testing/page.tsx";

let page: Page;
eachTest((opened) => {
  page = opened;
});

test("asks a stranger for a name, and lets them in with a key of their own", async () => {
  await page.open();
  expect(page.chat.asked).toEqual([]);

  await page.type("Your name", "  Alice ");
  await page.submit();

  expect(guestOf(page.store)).toMatchObject({ name: "Alice" });
  expect(page.chat.asked).toContain("start");
  expect(page.text).toContain("You are in no room yet");
});

test("says what is wrong with a name", async () => {
  await page.open();

  await page.submit();
  expect(page.text).toContain("Please type a name.");

  await page.type("Your name", "x".repeat(66));
  expect(page.text).toContain("2 characters too long");
  expect(guestOf(page.store)).toBeUndefined();
});

test("says so when it does not know where the chat is", async () => {
  const config = Promise.reject(new ConfigError("config.json is missing (HTTP 404)."));
  await page.signedIn().open({ config });

  expect(page.text).toContain("This chat is not set up yet");
  expect(page.text).toContain("HTTP 404");
});

test("shows its shell before it knows where the chat is", async () => {
  await page.signedIn().open({ config: new Promise(() => undefined) });

  expect(page.text).toContain("Alice");
  expect(page.text).toContain("Connecting…");
});

test("a link to a room joins it and remembers it", async () => {
  page.chat.existing.add("tea");
  await page.signedIn().open({ hash: "#/room/tea/" });

  expect(page.chat.asked).toContain("resume tea");
  expect(rememberedRooms(page.store)).toEqual([{ roomId: "tea", name: "Room tea" }]);
  expect(page.texts("nav .name")).toEqual(["Room tea"]);
});

test("a link to a room that is not there says so, and offers to open it", async () => {
  await page.signedIn().open({ hash: "#/room/tea" });
  expect(page.text).toContain("There is no such room");
  expect(rememberedRooms(page.store)).toEqual([]);

  await page.click("Open it now");

  expect(page.chat.asked).toContain("create tea");
  expect(page.text).toContain("Nothing has been said here yet");
});

test("joins by an address or a pasted link", async () => {
  page.chat.existing.add("tea");
  await page.signedIn().open();
  await page.click("Join");

  await page.type("Address or link", "not a room");
  await page.submit();
  expect(page.text).toContain("That is no room's address.");

  await page.type("Address or link", "https://chat.example/#/room/tea");
  await page.submit();
  expect(location.hash).toBe("#/room/tea");
});

test("opens a room under an address that its name suggests", async () => {
  await page.signedIn().open();
  await page.click("New room");

  await page.type("Name", "Tea time");
  await page.submit();

  expect(page.chat.asked).toContain("create tea-time");
  expect(location.hash).toBe("#/room/tea-time");
});

test("every field and label finds its own, also over a room", async () => {
  page.chat.existing.add("tea");
  await page.signedIn().open({ hash: "#/room/tea" });
  for (const dialog of ["New room", "Join"]) {
    await page.click(dialog);
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
  }
});

test("an address that is taken or wrong is said to be so", async () => {
  page.chat.existing.add("tea");
  await page.signedIn().open();
  await page.click("New room");

  await page.type("Address", "tea");
  await page.submit();
  expect(page.text).toContain("This address is taken");

  await page.type("Address", "tea time");
  await page.submit();
  expect(page.text).toContain("Letters a to z");
});

test("is in the rooms of the last visit again, and counts what is unread there", async () => {
  page.chat.existing.add("tea");
  rememberRoom(page.store, { roomId: "tea", name: "Tea" });
  page.store.write("read.tea", 0);
  await page.signedIn().open();

  page.chat.rooms.get("tea")?.receive("bob", "Hello?");
  await page.settled();

  expect(page.chat.asked).toContain("resume tea");
  expect(page.texts(".badge")).toEqual(["1 unread"]);
  expect(document.title).toBe("(1) Live Chat");

  await page.go("#/room/tea");
  expect(page.texts(".badge")).toEqual([]);
  expect(document.title).toBe("Room tea · Live Chat");
});

test("what comes while one looks elsewhere is unread, also on the first visit", async () => {
  vi.spyOn(document, "hasFocus").mockReturnValue(false);
  page.chat.existing.add("tea");
  await page.signedIn().open({ hash: "#/room/tea" });

  page.chat.rooms.get("tea")?.receive("bob", "Anybody there?");
  await page.settled();

  expect(page.texts(".badge")).toEqual(["1 unread"]);
  expect(document.title).toBe("(1) Room tea · Live Chat");
});

test("whoever goes back to the rooms goes on where they came from", async () => {
  page.chat.existing.add("tea").add("milk");
  rememberRoom(page.store, { roomId: "milk", name: "Milk" });
  await page.signedIn().open({ hash: "#/room/tea" });

  await page.go("#/");

  expect(document.activeElement?.getAttribute("href")).toBe("#/room/tea");
});

test("leaving a room takes it from the list, here and in the other tabs", async () => {
  page.chat.existing.add("tea");
  await page.signedIn().open({ hash: "#/room/tea" });

  await page.click("Leave the room");
  await page.click("Leave");

  expect(page.chat.asked).toContain("leave tea for good");
  expect(rememberedRooms(page.store)).toEqual([]);
});

test("a room that another tab forgets is left, one that it enters is entered", async () => {
  page.chat.existing.add("tea").add("milk");
  rememberRoom(page.store, { roomId: "tea", name: "Tea" });
  await page.signedIn().open();

  await page.go("#/room/tea");
  page.store.write("rooms", [{ roomId: "milk", name: "Milk" }]);
  await page.settled();

  expect(page.chat.asked).toContain("leave tea");
  expect(page.chat.asked).toContain("resume milk");
  expect(location.hash).toBe("#/");
  expect(page.texts("nav .name")).toEqual(["Room milk"]);
});

test("signing out forgets the guest and asks for a name again", async () => {
  page.chat.existing.add("tea");
  await page.signedIn().open({ hash: "#/room/tea" });

  await page.click("Sign out");
  expect(page.text).toContain("cannot come back as the same guest");
  document.querySelector<HTMLButtonElement>("dialog .danger")?.click();
  await page.settled();

  expect(guestOf(page.store)).toBeUndefined();
  expect(rememberedRooms(page.store)).toEqual([]);
  expect(page.chat.asked.at(-1)).toBe("stop");
  expect(page.field("Your name").value).toBe("");
});
