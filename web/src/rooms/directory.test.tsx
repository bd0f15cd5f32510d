// @vitest-environment happy-dom
/** The rooms that there are, page by page. */

import { expect, test } from "vitest";

import type { ListedRoom } from "../../sdk/index.ts";
import { eachTest, type Page } from "../testing/page.tsx";

let page: Page;
eachTest((opened) => {
  page = opened;
});

function listed(roomId: string, role?: ListedRoom["role"]): ListedRoom {
  const room = { roomId, name: `The ${roomId}`, epoch: "e", createdBy: "bob", lastSeq: 0 };
  return { room: { ...room, createdAt: "2026-11-23T09:30:00Z" }, ...(role && { role }) };
}

const names = (): string[] => page.texts(".directory .name");

test("one's own rooms are told with the role, the public ones page by page", async () => {
  page.chat.listed = {
    mine: [listed("den", "owner")],
    public: [listed("tea"), listed("milk"), listed("cake")],
  };
  await page.signedIn().open();
  expect(names()).toEqual(["The den", "The tea", "The milk"]);
  expect(page.texts(".directory .tag")).toEqual(["owner"]);

  await page.click("Show more");

  expect(names()).toEqual(["The den", "The tea", "The milk", "The cake"]);
  expect(() => page.find("Show more")).toThrow();
});

test("where there are none, the lists say so", async () => {
  await page.signedIn().open();

  expect(page.text).toContain("You are in no room yet.");
  expect(page.text).toContain("There are no public rooms yet.");
});

test("nothing is asked for before there is a connection", async () => {
  page.chat.connection = { state: "connecting" };
  page.chat.listed = { mine: [], public: [listed("tea")] };
  await page.signedIn().open();
  expect(page.texts(".directory .hint")).toEqual(["One moment…", "One moment…"]);

  page.chat.connection = { state: "open" };
  page.chat.change();
  await page.settled();

  expect(names()).toEqual(["The tea"]);
});

test("a list that cannot be had says why", async () => {
  page.chat.listRooms = () => Promise.reject(new TypeError());
  await page.signedIn().open();

  expect(page.texts(".directory .error")).toHaveLength(2);
  expect(page.texts(".directory .hint")).toHaveLength(2);
});

test("to choose a room in the dialog closes it", async () => {
  page.chat.listed = { mine: [], public: [listed("tea")] };
  page.chat.existing.add("tea").add("milk");
  await page.signedIn().open({ hash: "#/room/milk" });
  await page.click("Join");

  await page.click("TTThe tea");
  await page.go("#/room/tea");

  expect(page.chat.asked).toContain("resume tea");
  expect(page.texts("dialog")).toEqual([]);
});
