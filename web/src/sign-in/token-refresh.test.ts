/** The tokens of somebody who is signed in: kept, renewed once for all tabs, ended. */

import { expect, test } from "vitest";

import {
  accountOf,
  forgetAccount,
  lastAccount,
  signedIn,
  tokensOf,
  type Tokens,
} from "./account.ts";
import { FakeStreet } from "../testing/browser.ts";
import { keeper, type Renew } from "./token-refresh.ts";
import { Over } from "./errors.ts";

const HOUR = 3_600_000;

interface Tab {
  readonly browser: FakeStreet;
  readonly token: ReturnType<typeof keeper>;
  /** The refresh tokens that were used. */
  readonly used: string[];
}

function tab(kept: Partial<Tokens> = {}, renew?: Renew): Tab {
  const browser = new FakeStreet();
  const used: string[] = [];
  const tokens = { token: "first", refresh: "r1", expiresAt: browser.now() + HOUR, ...kept };
  signedIn(browser.store, { userId: "u", name: "Alice" }, tokens);
  const give: Renew = async (refresh) => {
    used.push(refresh);
    await Promise.resolve();
    return { token: `after ${refresh}`, expiresAt: browser.now() + HOUR };
  };
  return { browser, used, token: keeper(browser, renew ?? give) };
}

test("a token that is good is given as it is", async () => {
  const { token, used } = tab();

  expect(await token({ fresh: false })).toBe("first");
  expect(used).toEqual([]);
});

test("one that is about to end is replaced, and so is one that was refused", async () => {
  const ending = tab();
  ending.browser.time += HOUR - 60_000;
  expect(await ending.token({ fresh: false })).toBe("after r1");

  const refused = tab();
  expect(await refused.token({ fresh: true })).toBe("after r1");
  expect(await refused.token({ fresh: false })).toBe("after r1");
  expect(refused.used).toEqual(["r1"]);
});

test("a refresh token stays until there is another", async () => {
  const { token, browser } = tab();

  await token({ fresh: true });

  expect(tokensOf(browser.store)).toMatchObject({ refresh: "r1", token: "after r1" });
});

test("who asks at the same time gets the same, though they ask in two tabs", async () => {
  const { token, browser, used } = tab();
  const other = keeper(browser, () => Promise.reject(new Error("a refresh token is good once")));

  const given = await Promise.all([
    token({ fresh: true }),
    token({ fresh: true }),
    other({ fresh: true }),
  ]);

  expect(given).toEqual(["after r1", "after r1", "after r1"]);
  expect(used).toEqual(["r1"]);
});

test("what the issuer takes back ends the sign-in, and nothing else", async () => {
  const { token, browser } = tab({}, () => Promise.reject(new Over()));
  browser.store.write("draft.tea", "half a thou");

  expect(await token({ fresh: true })).toBeUndefined();

  expect(accountOf(browser.store)).toBeUndefined();
  expect(lastAccount(browser.store)?.name).toBe("Alice");
  expect(browser.store.names("draft.")).toEqual(["draft.tea"]);
});

test("an issuer that is out of reach ends nothing", async () => {
  const { token, browser } = tab({}, () => Promise.reject(new TypeError("Failed to fetch")));

  await expect(token({ fresh: true })).rejects.toThrow("Failed to fetch");

  expect(accountOf(browser.store)?.name).toBe("Alice");
});

/** A renewal that the issuer has been asked for, and has not answered. */
async function underWay(): Promise<
  Tab & { given: Promise<unknown>; end: (fresh?: Tokens) => void }
> {
  let begin = (): void => undefined;
  let end: (fresh?: Tokens) => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const one = tab({}, () => {
    begin();
    return new Promise((resolve, reject) => {
      end = (fresh) => {
        if (fresh) resolve(fresh);
        else reject(new Over());
      };
    });
  });
  const given = one.token({ fresh: true });
  await begun;
  return { ...one, given, end };
}

const FRESH: Tokens = { token: "fresh", refresh: "r2", expiresAt: Date.UTC(2030, 0) };
const BOBS: Tokens = { token: "bob's", refresh: "b1", expiresAt: Date.UTC(2030, 0) };

/** How a renewal may end. */
const ENDS: readonly (readonly [string, Tokens | undefined])[] = [
  ["brings tokens", FRESH],
  ["says that it is over", undefined],
];

test("a renewal that ends after signing out signs nobody in", async () => {
  const { browser, given, end } = await underWay();

  forgetAccount(browser.store);
  end(FRESH);

  expect(await given).toBeUndefined();
  expect(tokensOf(browser.store)).toBeUndefined();
});

test.each(ENDS)("one that %s touches nobody else's sign-in", async (_, fresh) => {
  const { browser, given, end } = await underWay();

  forgetAccount(browser.store);
  signedIn(browser.store, { userId: "b", name: "Bob" }, BOBS);
  end(fresh);

  expect(await given).toBeUndefined();
  expect(accountOf(browser.store)?.name).toBe("Bob");
  expect(tokensOf(browser.store)).toEqual(BOBS);
});

test.each(ENDS)("one that %s leaves what the same person has got since", async (_, fresh) => {
  const { browser, given, end } = await underWay();
  const newer = { ...FRESH, token: "newer" };

  signedIn(browser.store, { userId: "u", name: "Alice" }, newer);
  end(fresh);

  expect(await given).toBe("newer");
  expect(tokensOf(browser.store)).toEqual(newer);
});

test("who waits for a renewal is not given somebody else's token", async () => {
  const { browser, token, given, end } = await underWay();
  const second = token({ fresh: true });

  signedIn(browser.store, { userId: "b", name: "Bob" }, BOBS);
  end(FRESH);

  expect([await given, await second]).toEqual([undefined, undefined]);
  expect(tokensOf(browser.store)).toEqual(BOBS);
});

test("without a refresh token the sign-in ends with the token", async () => {
  const { token, browser } = tab({ refresh: undefined });
  expect(await token({ fresh: true })).toBe("first");

  browser.time += HOUR;

  expect(await token({ fresh: false })).toBeUndefined();
  expect(accountOf(browser.store)).toBeUndefined();
});

test("nobody is nobody", async () => {
  const browser = new FakeStreet();

  expect(
    await keeper(browser, () => Promise.reject(new Error("asked")))({ fresh: true }),
  ).toBeUndefined();
});
