// @vitest-environment happy-dom
/** The page where people sign in: who is let in, who is remembered, and what is forgotten. */

import { expect, test, vi } from "vitest";

import { accountOf, signedIn, tokensOf } from "./account.ts";
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

function answers(status: number, body: object): void {
  page.street.answer = () => Promise.resolve(new Response(JSON.stringify(body), { status }));
}

function lets(name: string): void {
  const AccessToken = tokenOf({ sub: `u-${name}`, username: name });
  answers(200, { AuthenticationResult: { AccessToken, ExpiresIn: 3_600, RefreshToken: "r1" } });
}

function alreadyIn(): void {
  const expiresAt = page.street.now() + 3_600_000;
  signedIn(page.store, ALICE, { token: "t1", refresh: "r1", expiresAt });
}

/** The page, once it knows how people sign in. */
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

test("asks a stranger to sign in, and lets them in with a token", async () => {
  await open();
  lets("alice");

  await fillIn(" alice ", "secret");

  expect(accountOf(page.store)).toEqual(ALICE);
  expect(page.chat.asked).toContain("start");
  expect(page.options).not.toHaveProperty("key");
  expect(await page.options?.token?.({ fresh: false })).toBe(tokensOf(page.store)?.token);
});

test("says what is wrong, keeps the name, and takes the next try", async () => {
  await open();
  answers(400, { __type: "NotAuthorizedException" });
  await fillIn("alice", "wrong");
  expect(page.texts("[role=alert]")).toEqual(["Name or password is wrong."]);
  expect(page.field("Name").value).toBe("alice");

  lets("alice");
  await fillIn("alice", "right");

  expect(accountOf(page.store)).toEqual(ALICE);
});

test("a password that is given for the first time is replaced by one's own", async () => {
  await open();
  answers(200, { ChallengeName: "NEW_PASSWORD_REQUIRED", Session: "s" });
  await fillIn("alice", "given");

  await page.type("New password", "mine");
  lets("alice");
  await page.submit();
  await page.settled();

  expect(accountOf(page.store)).toEqual(ALICE);
});

test("who is signed in is in at once, and shown before the page knows how", async () => {
  alreadyIn();
  await page.open({ config: new Promise(() => undefined) });

  expect(page.text).toContain("alice");
  expect(page.text).toContain("Connecting…");
});

test("a guest of another time is nobody here", async () => {
  page.signedIn();
  await open();

  expect(page.chat.asked).toEqual([]);
  expect(page.field("Password").value).toBe("");
});

test("a sign-in that ends is asked for again, with rooms and drafts as they were", async () => {
  alreadyIn();
  rememberRoom(page.store, { roomId: "tea", name: "Tea" });
  await open();
  answers(400, { __type: "NotAuthorizedException" });

  expect(page.chat.asked).toEqual(["resume tea", "start"]);

  expect(await page.options?.token?.({ fresh: true })).toBeUndefined();
  await page.settled();
  expect(page.text).toContain("Your sign-in has ended");
  await page.settled();
  expect(page.chat.asked.at(-1)).toBe("stop");

  lets("alice");
  await fillIn("alice", "secret");
  expect(rememberedRooms(page.store)).toHaveLength(1);
});

test("what somebody else left here is not for the next", async () => {
  alreadyIn();
  rememberRoom(page.store, { roomId: "tea", name: "Tea" });
  page.store.remove("tokens");
  await open();
  lets("bob");

  await fillIn("bob", "secret");

  expect(accountOf(page.store)?.userId).toBe("u-bob");
  expect(rememberedRooms(page.store)).toEqual([]);
});

test("signing out forgets everything, what is not sent as well, and says so before", async () => {
  alreadyIn();
  page.store.write("unsent.tea.1", { clientMessageId: "1", text: "x", at: 1, state: "pending" });
  await open();
  const asked: string[] = [];
  page.street.answer = async (request) => {
    asked.push(await request.text());
    return new Response("{}");
  };

  await page.click("Sign out");
  expect(page.text).toContain("not sent yet");
  expect(page.text).not.toContain("guest");
  document.querySelector<HTMLButtonElement>("dialog .danger")?.click();
  await page.settled();

  expect(page.chat.asked).toContain("sign out");
  expect(page.store.names("")).toEqual([]);
  expect(page.text).toContain("Sign in, and start talking.");
  expect(asked).toEqual([JSON.stringify({ ClientId: "page", Token: "r1" })]);
});

test("signing out does not wait for a chat that says nothing", async () => {
  alreadyIn();
  await open();
  page.chat.hears = false;
  await page.click("Sign out");

  vi.useFakeTimers();
  document.querySelector<HTMLButtonElement>("dialog .danger")?.click();
  await vi.advanceTimersByTimeAsync(3_000);
  vi.useRealTimers();
  await page.settled();

  expect(page.text).toContain("Sign in, and start talking.");
});

test("signing out asks nothing of a chat that is away", async () => {
  alreadyIn();
  page.chat.connection = { state: "connecting" };
  await open();

  await page.click("Sign out");
  document.querySelector<HTMLButtonElement>("dialog .danger")?.click();
  await page.settled();

  expect(page.chat.asked).not.toContain("sign out");
  expect(page.text).toContain("Sign in, and start talking.");
});

test("who is not let in is told so, and may sign in again or retry", async () => {
  alreadyIn();
  page.chat.connection = { state: "signedOut", reason: "rejected", retryAt: Date.now() + 42_000 };
  await open();
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  await page.settled();
  expect(page.text).toMatch(/The chat does not let you in: .+ Trying again in 4\d s\./);
  await page.click("Retry now");
  expect(page.chat.asked).toContain("reconnectNow");

  await page.click("Sign in again");

  expect(page.text).toContain("Your sign-in has ended");
});

test("a part of the page that cannot be loaded is said to be missing", async () => {
  const loadIdentity = (): Promise<never> => Promise.reject(new TypeError("Failed to fetch"));

  await page.open({ config, loadIdentity });

  expect(page.text).toContain("could not be loaded");
});
