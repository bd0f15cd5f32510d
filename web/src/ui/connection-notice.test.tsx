// @vitest-environment happy-dom
/** The notice over the list while there is no connection. */

import { beforeEach, expect, test, vi } from "vitest";

import type { ConnectionStatus } from "../../sdk/index.ts";
import { eachTest, type Page } from "../testing/page.tsx";

let page: Page;
eachTest((opened) => {
  page = opened;
});
beforeEach(() => {
  vi.useFakeTimers();
});

/** Return the notice that a guest reads 1.3 seconds later. */
async function notice(connection: ConnectionStatus): Promise<string | undefined> {
  page.chat.existing.add("tea");
  page.chat.connection = connection;
  await page.asGuest().open({ hash: "#/room/tea" });
  await page.passes(1_300);
  return page.texts(".notice")[0];
}

test("a disconnected flooder reads the reason and the end of the cooldown, without a retry", async () => {
  const retryAt = Date.now() + 59_000;

  const text = await notice({ state: "waiting", reason: "cooldown", retryAt });

  expect(text).toMatch(/^Disconnected: you sent too many messages\. Trying again in 58 s\.$/);
  expect(() => page.find("Retry now")).toThrow();
});

test("a rejected guest reads so, and may retry at once", async () => {
  const retryAt = Date.now() + 19_000;

  const text = await notice({ state: "waiting", reason: "rejected", retryAt });

  expect(text).toMatch(/^Can't connect: .+\. Trying again in 18 s\./);
  expect(page.texts(".status")).toEqual(["Access denied"]);
  await page.click("Retry now");
  expect(page.chat.calls).toContain("reconnectNow");
  expect(() => page.find("Sign in again")).toThrow();
});

test("the announcement has no countdown", async () => {
  await notice({ state: "signedOut", reason: "rejected", retryAt: Date.now() + 42_000 });

  expect(page.texts(".visually-hidden[role=status]")).toContain("Access denied");
});
