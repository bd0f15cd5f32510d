/** The tokens of a user: stored, refreshed once for all tabs, expired. */

import { expect, test } from "vitest";

import {
  accountOf,
  forgetAccount,
  lastAccount,
  saveAccount,
  saveTokens,
  tokensOf,
  type Tokens,
} from "./account.ts";
import { FakeBrowser } from "../testing/browser.ts";
import { tokenRefresher, type Refresh } from "./token-refresh.ts";
import { SessionExpired } from "./errors.ts";

const HOUR = 3_600_000;

interface Tab {
  readonly browser: FakeBrowser;
  readonly token: ReturnType<typeof tokenRefresher>;
  /** The refresh tokens that were used. */
  readonly used: string[];
  /** The refresh tokens that were revoked. */
  readonly revoked: string[];
}

function tab(kept: Partial<Tokens> = {}, refresh?: Refresh): Tab {
  const browser = new FakeBrowser();
  const used: string[] = [];
  const revoked: string[] = [];
  const tokens = { token: "first", refresh: "r1", expiresAt: browser.now() + HOUR, ...kept };
  saveAccount(browser.store, { userId: "u", name: "Alice" }, tokens);
  const defaultRefresh: Refresh = async (refreshToken) => {
    used.push(refreshToken);
    await Promise.resolve();
    return { token: `after ${refreshToken}`, expiresAt: browser.now() + HOUR };
  };
  const revoke = (refreshToken: string): Promise<void> => {
    revoked.push(refreshToken);
    return Promise.reject(new TypeError("Failed to fetch"));
  };
  const token = tokenRefresher(browser, { refresh: refresh ?? defaultRefresh, revoke });
  return { browser, used, revoked, token };
}

test("a valid token is returned as it is", async () => {
  const { token, used } = tab();

  expect(await token({ fresh: false })).toBe("first");
  expect(used).toEqual([]);
});

test("a token that is about to expire or was rejected is replaced", async () => {
  const ending = tab();
  ending.browser.time += HOUR - 60_000;
  expect(await ending.token({ fresh: false })).toBe("after r1");

  const rejected = tab();
  expect(await rejected.token({ fresh: true })).toBe("after r1");
  expect(await rejected.token({ fresh: false })).toBe("after r1");
  expect(rejected.used).toEqual(["r1"]);
});

test("a refresh token is kept until there is a new one", async () => {
  const { token, browser } = tab();

  await token({ fresh: true });

  expect(tokensOf(browser.store)).toMatchObject({ refresh: "r1", token: "after r1" });
});

test("simultaneous requests, also in two tabs, get the same token", async () => {
  const { token, browser, used } = tab();
  const other = tokenRefresher(browser, {
    refresh: () => Promise.reject(new Error("a refresh token is good once")),
    revoke: () => Promise.resolve(),
  });

  const returned = await Promise.all([
    token({ fresh: true }),
    token({ fresh: true }),
    other({ fresh: true }),
  ]);

  expect(returned).toEqual(["after r1", "after r1", "after r1"]);
  expect(used).toEqual(["r1"]);
});

test("a revoked refresh token ends the session and keeps the drafts", async () => {
  const { token, browser } = tab({}, () => Promise.reject(new SessionExpired()));
  browser.store.write("draft.tea", "half a thou");

  expect(await token({ fresh: true })).toBeUndefined();

  expect(accountOf(browser.store)).toBeUndefined();
  expect(lastAccount(browser.store)?.name).toBe("Alice");
  expect(browser.store.names("draft.")).toEqual(["draft.tea"]);
});

test("an unreachable issuer does not end the session", async () => {
  const { token, browser } = tab({}, () => Promise.reject(new TypeError("Failed to fetch")));

  await expect(token({ fresh: true })).rejects.toThrow("Failed to fetch");

  expect(accountOf(browser.store)?.name).toBe("Alice");
});

test("a rotated refresh token replaces the one before, in every tab", async () => {
  const browser = new FakeBrowser();
  const expiresAt = browser.now() + HOUR;
  saveAccount(
    browser.store,
    { userId: "u", name: "Alice" },
    { token: "t1", refresh: "r1", expiresAt },
  );
  const used: string[] = [];
  const rotate = (refreshToken: string): Promise<Tokens> => {
    used.push(refreshToken);
    const next = used.length + 1;
    return Promise.resolve({ token: `t${next}`, refresh: `r${next}`, expiresAt });
  };
  const session = { refresh: rotate, revoke: () => Promise.resolve() };
  const tabs = [tokenRefresher(browser, session), tokenRefresher(browser, session)] as const;

  await tabs[0]({ fresh: true });
  await tabs[1]({ fresh: true });
  await tabs[0]({ fresh: true });

  expect(used).toEqual(["r1", "r2", "r3"]);
  expect(tokensOf(browser.store)?.refresh).toBe("r4");
});

test("a refresh whose reply is lost is repeated with the same refresh token", async () => {
  const used: string[] = [];
  const { token, browser } = tab({}, (refreshToken) => {
    used.push(refreshToken);
    if (used.length === 1) return Promise.reject(new TypeError("Failed to fetch"));
    return Promise.resolve({ token: "t2", refresh: "r2", expiresAt: browser.now() + HOUR });
  });
  await expect(token({ fresh: true })).rejects.toThrow("Failed to fetch");

  expect(await token({ fresh: true })).toBe("t2");

  expect(used).toEqual(["r1", "r1"]);
});

/** Start a refresh that the issuer has not replied to. */
async function startRefresh(): Promise<
  Tab & { returned: Promise<unknown>; end: (fresh?: Tokens) => void }
> {
  let start = (): void => undefined;
  let end: (fresh?: Tokens) => void = () => undefined;
  const started = new Promise<void>((resolve) => (start = resolve));
  const opened = tab({}, () => {
    start();
    return new Promise((resolve, reject) => {
      end = (fresh) => {
        if (fresh) resolve(fresh);
        else reject(new SessionExpired());
      };
    });
  });
  const returned = opened.token({ fresh: true });
  await started;
  return { ...opened, returned, end };
}

const FRESH: Tokens = { token: "fresh", refresh: "r2", expiresAt: Date.UTC(2030, 0) };
const BOBS: Tokens = { token: "bob's", refresh: "b1", expiresAt: Date.UTC(2030, 0) };

/** The possible ends of a refresh. */
const ENDS: readonly (readonly [string, Tokens | undefined])[] = [
  ["returns tokens", FRESH],
  ["ends the session", undefined],
];

test("a refresh that ends after a sign-out signs nobody in, and is revoked", async () => {
  const { browser, returned, revoked, end } = await startRefresh();

  forgetAccount(browser.store);
  end(FRESH);

  expect(await returned).toBeUndefined();
  expect(tokensOf(browser.store)).toBeUndefined();
  expect(revoked).toEqual(["r2"]);
});

test.each([undefined, "r1"])("an unchanged refresh token (%s) is not revoked", async (refresh) => {
  const { browser, returned, revoked, end } = await startRefresh();

  saveTokens(browser.store, { ...FRESH, token: "newer", refresh: "r1" });
  end({ ...FRESH, refresh });

  expect(await returned).toBe("newer");
  expect(revoked).toEqual([]);
});

test.each(ENDS)("a refresh that %s does not affect another user", async (_, fresh) => {
  const { browser, returned, end } = await startRefresh();

  forgetAccount(browser.store);
  saveAccount(browser.store, { userId: "b", name: "Bob" }, BOBS);
  end(fresh);

  expect(await returned).toBeUndefined();
  expect(accountOf(browser.store)?.name).toBe("Bob");
  expect(tokensOf(browser.store)).toEqual(BOBS);
});

test.each(ENDS)("a refresh that %s keeps newer tokens of the same user", async (_, fresh) => {
  const { browser, returned, end } = await startRefresh();
  const newer = { ...FRESH, token: "newer" };

  saveAccount(browser.store, { userId: "u", name: "Alice" }, newer);
  end(fresh);

  expect(await returned).toBe("newer");
  expect(tokensOf(browser.store)).toEqual(newer);
});

test("a waiting request does not get the token of another user", async () => {
  const { browser, token, returned, end } = await startRefresh();
  const second = token({ fresh: true });

  saveAccount(browser.store, { userId: "b", name: "Bob" }, BOBS);
  end(FRESH);

  expect([await returned, await second]).toEqual([undefined, undefined]);
  expect(tokensOf(browser.store)).toEqual(BOBS);
});

test("without a refresh token, the session ends with the token", async () => {
  const { token, browser } = tab({ refresh: undefined });
  expect(await token({ fresh: true })).toBe("first");

  browser.time += HOUR;

  expect(await token({ fresh: false })).toBeUndefined();
  expect(accountOf(browser.store)).toBeUndefined();
});

test("there is no token before a user has signed in", async () => {
  const browser = new FakeBrowser();

  const unexpected = (): Promise<never> => Promise.reject(new Error("unexpected request"));
  const token = tokenRefresher(browser, { refresh: unexpected, revoke: unexpected });

  expect(await token({ fresh: true })).toBeUndefined();
});
