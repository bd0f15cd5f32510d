// @vitest-environment happy-dom
/** What is said over the list while there is no connection. */

import { expect, test } from "vitest";

import type { ConnectionStatus } from "../../sdk/index.ts";
import { eachTest, type Page } from "../testing/page.tsx";

let page: Page;
eachTest((opened) => {
  page = opened;
});

/** What a guest reads once it has lasted for a moment. */
async function note(connection: ConnectionStatus): Promise<string | undefined> {
  page.chat.existing.add("tea");
  page.chat.connection = connection;
  await page.signedIn().open({ hash: "#/room/tea" });
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  await page.settled();
  return page.texts(".note")[0];
}

test("who was cut off reads why, and until when nothing can be done", async () => {
  const retryAt = Date.now() + 59_000;

  const said = await note({ state: "waiting", reason: "cooldown", retryAt });

  expect(said).toMatch(/^Disconnected, for too much was sent too fast\. Trying again in 5\d s\.$/);
  expect(() => page.find("Retry now")).toThrow();
});

test("a guest who is not let in reads so, and may try at once", async () => {
  const retryAt = Date.now() + 19_000;

  const said = await note({ state: "waiting", reason: "rejected", retryAt });

  expect(said).toMatch(/^The chat does not let you in: .+\. Trying again in 1\d s\./);
  expect(page.texts(".status")).toEqual(["Not let in"]);
  await page.click("Retry now");
  expect(page.chat.asked).toContain("reconnectNow");
  expect(() => page.find("Sign in again")).toThrow();
});

test("what is read out does not count seconds", async () => {
  await note({ state: "signedOut", reason: "rejected", retryAt: Date.now() + 42_000 });

  expect(page.texts(".unseen[role=status]")).toContain("You are not let in");
});
