// @vitest-environment happy-dom
/** The sign-in page: signing in, expired sessions, and signing out. */

import { expect, test, vi } from "vitest";

import { accountOf, saveAccount, tokensOf } from "./account.ts";
import { rememberRoom, rememberedRooms } from "../rooms/room-memory.ts";
import type { Config } from "../lib/config.ts";
import { eachTest, type Page } from "../testing/page.tsx";
import { tokenOf } from "../testing/browser.ts";

const CONFIG: Config = {
  webSocketUrl: "wss://chat.example",
  signIn: { type: "cognito", endpoint: "https://idp.example/", clientId: "page" },
};
const config = Promise.resolve(CONFIG);
const ALICE = { userId: "u-alice", name: "alice" };

let page: Page;
eachTest((opened) => {
  page = opened;
});

function replyWith(status: number, body: object): void {
  page.browser.respond = () => Promise.resolve(new Response(JSON.stringify(body), { status }));
}

function acceptSignIn(name: string): void {
  const AccessToken = tokenOf({ sub: `u-${name}`, username: name });
  replyWith(200, { AuthenticationResult: { AccessToken, ExpiresIn: 3_600, RefreshToken: "r1" } });
}

function storeAlice(): void {
  const expiresAt = page.browser.now() + 3_600_000;
  saveAccount(page.store, ALICE, { token: "t1", refresh: "r1", expiresAt });
}

/** Open the page and wait for the sign-in chunk. */
async function open(): Promise<void> {
  await page.open({ config });
  await page.settled();
}

async function fillIn(name: string, password: string): Promise<void> {
  await page.type("Name", name);
  await page.type("Password", password);
  await page.submit();
  await page.settled();
}

test("a new user signs in and gets a token", async () => {
  await open();
  acceptSignIn("alice");

  await fillIn(" alice ", "secret");

  expect(accountOf(page.store)).toEqual(ALICE);
  expect(page.chat.calls).toContain("start");
  expect(page.options).not.toHaveProperty("key");
  expect(await page.options?.token?.({ fresh: false })).toBe(tokensOf(page.store)?.token);
});

test("a failed sign-in shows the error, keeps the name, and can be repeated", async () => {
  await open();
  replyWith(400, { __type: "NotAuthorizedException" });
  await fillIn("alice", "wrong");
  expect(page.texts("[role=alert]")).toEqual(["The name or the password is wrong."]);
  expect(page.field("Name").value).toBe("alice");

  acceptSignIn("alice");
  await fillIn("alice", "right");

  expect(accountOf(page.store)).toEqual(ALICE);
});

test("a temporary password is replaced by a new one", async () => {
  await open();
  replyWith(200, { ChallengeName: "NEW_PASSWORD_REQUIRED", Session: "s" });
  await fillIn("alice", "given");

  await page.type("New password", "mine");
  acceptSignIn("alice");
  await page.submit();
  await page.settled();

  expect(accountOf(page.store)).toEqual(ALICE);
});

test("a signed-in user is shown while the configuration is loading", async () => {
  storeAlice();
  await page.open({ config: new Promise(() => undefined) });

  expect(page.text).toContain("alice");
  expect(page.text).toContain("Connecting…");
});

test("a stored guest is ignored in a chat whose users sign in", async () => {
  page.asGuest();
  await open();

  expect(page.chat.calls).toEqual([]);
  expect(page.field("Password").value).toBe("");
});

test("after an expired session, the user signs in again and finds the rooms", async () => {
  storeAlice();
  rememberRoom(page.store, { roomId: "tea", name: "Tea" });
  await open();
  replyWith(400, { __type: "NotAuthorizedException" });

  expect(page.chat.calls).toEqual(["resume tea", "start"]);

  expect(await page.options?.token?.({ fresh: true })).toBeUndefined();
  await page.settled();
  expect(page.text).toContain("Your session has expired");
  await page.settled();
  expect(page.chat.calls.at(-1)).toBe("stop");

  acceptSignIn("alice");
  await fillIn("alice", "secret");
  expect(rememberedRooms(page.store)).toHaveLength(1);
});

test("the data of one user is not shown to the next", async () => {
  storeAlice();
  rememberRoom(page.store, { roomId: "tea", name: "Tea" });
  page.store.remove("tokens");
  await open();
  acceptSignIn("bob");

  await fillIn("bob", "secret");

  expect(accountOf(page.store)?.userId).toBe("u-bob");
  expect(rememberedRooms(page.store)).toEqual([]);
});

test("signing out asks first, and forgets everything, also unsent messages", async () => {
  storeAlice();
  page.store.write("unsent.tea.1", { clientMessageId: "1", text: "x", at: 1, state: "pending" });
  await open();
  const requests: string[] = [];
  page.browser.respond = async (request) => {
    requests.push(await request.text());
    return new Response("{}");
  };

  await page.click("Sign out");
  expect(page.text).toContain("unsent messages");
  expect(page.text).not.toContain("guest");
  document.querySelector<HTMLButtonElement>("dialog .danger")?.click();
  await page.settled();

  expect(page.chat.calls).toContain("sign out");
  expect(page.store.names("")).toEqual([]);
  expect(page.text).toContain("Sign in to start chatting.");
  expect(requests).toEqual([JSON.stringify({ ClientId: "page", Token: "r1" })]);
});

test("signing out waits at most 3 seconds for the chat", async () => {
  storeAlice();
  await open();
  page.chat.repliesToSignOut = false;
  await page.click("Sign out");

  vi.useFakeTimers();
  document.querySelector<HTMLButtonElement>("dialog .danger")?.click();
  await vi.advanceTimersByTimeAsync(3_000);
  vi.useRealTimers();
  await page.settled();

  expect(page.text).toContain("Sign in to start chatting.");
});

test("signing out without a connection sends nothing to the chat", async () => {
  storeAlice();
  page.chat.connection = { state: "connecting" };
  await open();

  await page.click("Sign out");
  document.querySelector<HTMLButtonElement>("dialog .danger")?.click();
  await page.settled();

  expect(page.chat.calls).not.toContain("sign out");
  expect(page.text).toContain("Sign in to start chatting.");
});

test("a rejected user reads so, and may sign in again or retry", async () => {
  vi.useFakeTimers();
  storeAlice();
  page.chat.connection = { state: "signedOut", reason: "rejected", retryAt: Date.now() + 42_000 };
  await open();
  await page.passes(1_300);
  vi.useRealTimers();
  expect(page.text).toMatch(/Can't connect: .+ Trying again in 41 s\./);
  await page.click("Retry now");
  expect(page.chat.calls).toContain("reconnectNow");

  await page.click("Sign in again");

  expect(page.text).toContain("Your session has expired");
});

test("a chunk that cannot be loaded is reported", async () => {
  const loadSignIn = (): Promise<never> => Promise.reject(new TypeError("Failed to fetch"));

  await page.open({ config, loadSignIn });

  expect(page.text).toContain("could not be loaded");
});
