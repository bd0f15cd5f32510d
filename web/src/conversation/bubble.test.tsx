// @vitest-environment happy-dom
/** Long messages: folded, unfolded, and what a screen reader and a search of the browser find. */

import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";

import { eachTest, type Page } from "../testing/page.tsx";
import type { FakeRoom } from "../testing/room.ts";
import { FOLD_LINES } from "./bubble.tsx";

let page: Page;
eachTest((opened) => {
  page = opened;
});

const LONG = Array.from({ length: FOLD_LINES + 1 }, (_, line) => `line ${line}`).join("\n");
const BUTTON = ".fold-button";

/** Opens a room, in a document where *isCut* says whether long texts are cut. */
async function openTea({ isCut = true } = {}): Promise<FakeRoom> {
  vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockReturnValue(isCut ? 900 : 300);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
  page.chat.existing.add("tea");
  await page.asGuest().open({ hash: "#/room/tea" });
  return page.chat.rooms.get("tea")!;
}

function bubble(): HTMLElement {
  return document.querySelector<HTMLElement>(".bubble")!;
}

test("a long message is folded, and a button unfolds and folds it", async () => {
  const room = await openTea();
  room.receive("bob", LONG);
  await page.settled();

  const button = document.querySelector<HTMLElement>(BUTTON)!;
  expect(bubble().dataset.folded).toBe("true");
  expect(bubble().textContent).toBe(LONG);
  expect(button.textContent).toBe("Show more");
  expect(button.getAttribute("aria-expanded")).toBe("false");
  expect(button.getAttribute("aria-label")).toBe("Show more of the message from bob");

  await page.click("Show more of the message from bob");
  expect(bubble().dataset.folded).toBe("false");
  expect(document.querySelector(BUTTON)).toBe(button);
  expect(button.getAttribute("aria-expanded")).toBe("true");

  await page.click("Show less of the message from bob");
  expect(bubble().dataset.folded).toBe("true");
});

test("an own message is called the user's", async () => {
  const room = await openTea();
  room.receive("alice", LONG);
  await page.settled();

  expect(document.querySelector(BUTTON)!.getAttribute("aria-label")).toBe(
    "Show more of your message",
  );
});

test("a message with fewer lines, or with room for all lines, has no button", async () => {
  const room = await openTea({ isCut: false });
  room.receive("bob", "short");
  room.receive("bob", "x".repeat(1_000));
  await page.settled();

  expect(document.querySelectorAll(".bubble")).toHaveLength(2);
  expect(document.querySelector(BUTTON)).toBeNull();
});

test("a search of the browser, or a focused link, unfolds the message", async () => {
  const room = await openTea();
  room.receive("bob", LONG);
  await page.settled();

  await act(() => {
    bubble().scrollTop = 400;
    bubble().dispatchEvent(new Event("scroll"));
  });
  await page.settled();

  expect(bubble().dataset.folded).toBe("false");
  expect(bubble().scrollTop).toBe(0);
});

test("a deleted message has no button, also if it was unfolded", async () => {
  const room = await openTea();
  room.receive("bob", LONG);
  await page.settled();
  await page.click("Show more of the message from bob");

  room.messages = room.messages.map((message) => ({ ...message, text: "" }));
  page.chat.change();
  await page.settled();

  expect(page.texts(".bubble")).toEqual(["Message deleted"]);
  expect(document.querySelector(BUTTON)).toBeNull();
});
