// @vitest-environment happy-dom
/** The page from the first visit on: signing in as a guest, the list of rooms, joining rooms. */

import { expect, test, vi } from "vitest";

import { ConfigError } from "./lib/config.ts";
import { guestOf } from "./sign-in/guest.ts";
import { rememberedRooms, rememberRoom } from "./rooms/room-memory.ts";
import { eachTest, type Page } from "./testing/page.tsx";

let page: Page;
eachTest((opened) => {
  page = opened;
});

test("a new user enters a name and gets a key", async () => {
  await page.open();
  expect(page.chat.calls).toEqual([]);

  await page.type("Your name", "  Alice ");
  await page.submit();

  expect(guestOf(page.store)).toMatchObject({ name: "Alice" });
  expect(page.chat.calls).toContain("start");
  expect(page.text).toContain("You haven't joined any rooms yet");
});

test("an invalid name is rejected with a reason", async () => {
  await page.open();

  await page.submit();
  expect(page.text).toContain("Please enter a name.");

  await page.type("Your name", "x".repeat(66));
  expect(page.text).toContain("2 characters too long");
  expect(guestOf(page.store)).toBeUndefined();
});

test("an error of the configuration is shown", async () => {
  const config = Promise.reject(new ConfigError("config.json is missing (HTTP 404)."));
  await page.asGuest().open({ config });

  expect(page.text).toContain("This chat is not set up yet");
  expect(page.text).toContain("HTTP 404");
});

test("the layout is shown while the configuration is loading", async () => {
  await page.asGuest().open({ config: new Promise(() => undefined) });

  expect(page.text).toContain("Alice");
  expect(page.text).toContain("Connecting…");
});

test("a link to a room joins it and remembers it", async () => {
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea/" });

  expect(page.chat.calls).toContain("resume tea");
  expect(rememberedRooms(page.store)).toEqual([{ roomId: "tea", name: "Room tea" }]);
  expect(page.texts("nav .name")).toEqual(["Room tea"]);
});

test("a link to a room that does not exist offers to create it", async () => {
  await page.asGuest().open({ hash: "#/room/tea" });
  expect(page.text).toContain("There is no such room");
  expect(rememberedRooms(page.store)).toEqual([]);

  await page.click("Create it now");

  expect(page.chat.calls).toContain("create tea");
  expect(page.text).toContain("No messages yet");
});

test("an address or a pasted link joins a room", async () => {
  page.chat.existing.add("tea");
  await page.asGuest().open();
  await page.click("Join");

  await page.type("Address or link", "not a room");
  await page.submit();
  expect(page.text).toContain("That's not a valid room address or link.");

  await page.type("Address or link", "https://chat.example/#/room/tea");
  await page.submit();
  expect(location.hash).toBe("#/room/tea");
});

test("a new room gets an id that resembles its name", async () => {
  await page.asGuest().open();
  await page.click("New room");

  await page.type("Name", "Tea time");
  await page.submit();

  expect(page.chat.calls).toContain("create tea-time");
  expect(location.hash).toBe("#/room/tea-time");
});

test("no two elements have the same id, with a dialog open over a room", async () => {
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea" });
  for (const dialog of ["New room", "Join"]) {
    await page.click(dialog);
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
  }
});

test("a taken or invalid address is rejected with a reason", async () => {
  page.chat.existing.add("tea");
  await page.asGuest().open();
  await page.click("New room");

  await page.type("Room link", "tea");
  await page.submit();
  expect(page.text).toContain("This address is taken");

  await page.type("Room link", "tea time");
  await page.submit();
  expect(page.text).toContain("Use only a to z");
});

test("the rooms of the last visit are joined again, with their unread counts", async () => {
  page.chat.existing.add("tea");
  rememberRoom(page.store, { roomId: "tea", name: "Tea" });
  page.store.write("read.tea", 0);
  await page.asGuest().open();

  page.chat.rooms.get("tea")?.receive("bob", "Hello?");
  await page.settled();

  expect(page.chat.calls).toContain("resume tea");
  expect(page.texts(".badge")).toEqual(["1 unread"]);
  expect(document.title).toBe("(1) Live Chat");

  await page.go("#/room/tea");
  expect(page.texts(".badge")).toEqual([]);
  expect(document.title).toBe("Room tea · Live Chat");
});

test("a message that arrives while the page has no focus is unread, also on the first visit", async () => {
  vi.spyOn(document, "hasFocus").mockReturnValue(false);
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea" });

  page.chat.rooms.get("tea")?.receive("bob", "Anybody there?");
  await page.settled();

  expect(page.texts(".badge")).toEqual(["1 unread"]);
  expect(document.title).toBe("(1) Room tea · Live Chat");
});

test("after a room, the focus is on its link in the list", async () => {
  page.chat.existing.add("tea").add("milk");
  rememberRoom(page.store, { roomId: "milk", name: "Milk" });
  await page.asGuest().open({ hash: "#/room/tea" });

  await page.go("#/");

  expect(document.activeElement?.getAttribute("href")).toBe("#/room/tea");
});

test("leaving a room removes it from the list, in all tabs", async () => {
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea" });

  await page.click("Leave the room");
  await page.click("Leave");

  expect(page.chat.calls).toContain("leave tea for good");
  expect(rememberedRooms(page.store)).toEqual([]);
});

test("a room that another tab leaves is left, a room that it joins is joined", async () => {
  page.chat.existing.add("tea").add("milk");
  rememberRoom(page.store, { roomId: "tea", name: "Tea" });
  await page.asGuest().open();

  await page.go("#/room/tea");
  page.store.write("rooms", [{ roomId: "milk", name: "Milk" }]);
  await page.settled();

  expect(page.chat.calls).toContain("leave tea");
  expect(page.chat.calls).toContain("resume milk");
  expect(location.hash).toBe("#/");
  expect(page.texts("nav .name")).toEqual(["Room milk"]);
});

test("signing out forgets the guest and asks for a name again", async () => {
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea" });

  await page.click("Sign out");
  expect(page.text).toContain("cannot come back as the same guest");
  document.querySelector<HTMLButtonElement>("dialog .danger")?.click();
  await page.settled();

  expect(guestOf(page.store)).toBeUndefined();
  expect(rememberedRooms(page.store)).toEqual([]);
  expect(page.chat.calls.at(-1)).toBe("stop");
  expect(page.field("Your name").value).toBe("");
});

test("a late reply to a closed dialog does not open the new room", async () => {
  const createRoom = page.chat.createRoom.bind(page.chat);
  let confirm = (): void => undefined;
  page.chat.createRoom = async (room) => {
    await new Promise<void>((resolve) => (confirm = resolve));
    return createRoom(room);
  };
  page.chat.existing.add("milk");
  await page.asGuest().open();
  await page.click("New room");
  await page.type("Name", "Tea");
  await page.submit();
  await page.click("Close");

  await page.go("#/room/milk");
  confirm();
  await page.settled();

  expect(location.hash).toBe("#/room/milk");
  expect(rememberedRooms(page.store).map(({ roomId }) => roomId)).toContain("tea");
});
