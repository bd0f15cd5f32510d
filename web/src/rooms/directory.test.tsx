// @vitest-environment happy-dom
/** The lists of rooms, page by page. */

import { expect, test } from "vitest";

import type { ListedRoom, Page as ListPage } from "../../sdk/index.ts";
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

test("own rooms have the role, and public rooms are loaded page by page", async () => {
  page.chat.listed = {
    mine: [listed("den", "owner")],
    public: [listed("tea"), listed("milk"), listed("cake")],
  };
  await page.asGuest().open();
  expect(names()).toEqual(["The den", "The tea", "The milk"]);
  expect(page.texts(".directory .tag")).toEqual(["owner"]);

  await page.click("Show more");

  expect(names()).toEqual(["The den", "The tea", "The milk", "The cake"]);
  expect(() => page.find("Show more")).toThrow();
});

test("empty lists say so", async () => {
  await page.asGuest().open();

  expect(page.text).toContain("You haven't joined any rooms yet.");
  expect(page.text).toContain("There are no public rooms yet.");
});

test("the lists are not requested before there is a connection", async () => {
  page.chat.connection = { state: "connecting" };
  page.chat.listed = { mine: [], public: [listed("tea")] };
  await page.asGuest().open();
  expect(page.texts(".directory .hint")).toEqual(["Loading…", "Loading…"]);

  page.chat.connection = { state: "open" };
  page.chat.change();
  await page.settled();

  expect(names()).toEqual(["The tea"]);
});

test("a list that cannot be loaded shows the error", async () => {
  page.chat.listRooms = () => Promise.reject(new TypeError());
  await page.asGuest().open();

  expect(page.texts(".directory .error")).toHaveLength(2);
  expect(page.texts(".directory .hint")).toHaveLength(2);
});

test("choosing a room in the dialog closes the dialog", async () => {
  page.chat.listed = { mine: [], public: [listed("tea")] };
  page.chat.existing.add("tea").add("milk");
  await page.asGuest().open({ hash: "#/room/milk" });
  await page.click("Join");

  await page.click("TTThe tea");
  await page.go("#/room/tea");

  expect(page.chat.calls).toContain("resume tea");
  expect(page.texts("dialog")).toEqual([]);
});

test("a page that was requested before a reconnect does not replace the new list", async () => {
  const replies: ((page: ListPage<ListedRoom>) => void)[] = [];
  await page.asGuest().open();
  page.chat.listed = { mine: [], public: [listed("tea"), listed("milk"), listed("cake")] };
  await reconnect();
  const listRooms = page.chat.listRooms.bind(page.chat);
  page.chat.listRooms = () => new Promise((resolve) => replies.push(resolve));
  await page.click("Show more");
  page.chat.listRooms = listRooms;
  page.chat.listed = { mine: [], public: [listed("pie"), listed("jam"), listed("bun")] };

  await reconnect();
  replies[0]!({ entries: [listed("cake")], cursor: undefined });
  await page.settled();

  expect(names()).toEqual(["The pie", "The jam"]);
  await page.click("Show more");
  expect(names()).toEqual(["The pie", "The jam", "The bun"]);
});

async function reconnect(): Promise<void> {
  for (const state of ["connecting", "open"] as const) {
    page.chat.connection = { state };
    page.chat.change();
    await page.settled();
  }
}
