/** The tokens of somebody who is signed in: kept, renewed once for all tabs, ended. */

import { expect, test } from "vitest";

import { accountOf, lastAccount, signedIn, tokensOf, type Tokens } from "../state/account.ts";
import { FakeStreet } from "../testing/street.ts";
import { keeper, type Renew } from "./keeper.ts";
import { Over } from "./trouble.ts";

const HOUR = 3_600_000;

interface Tab {
  readonly street: FakeStreet;
  readonly token: ReturnType<typeof keeper>;
  /** The refresh tokens that were used. */
  readonly used: string[];
}

function tab(kept: Partial<Tokens> = {}, renew?: Renew): Tab {
  const street = new FakeStreet();
  const used: string[] = [];
  const tokens = { token: "first", refresh: "r1", expiresAt: street.now() + HOUR, ...kept };
  signedIn(street.store, { userId: "u", name: "Alice" }, tokens);
  const give: Renew = async (refresh) => {
    used.push(refresh);
    await Promise.resolve();
    return { token: `after ${refresh}`, expiresAt: street.now() + HOUR };
  };
  return { street, used, token: keeper(street, renew ?? give) };
}

test("a token that is good is given as it is", async () => {
  const { token, used } = tab();

  expect(await token({ fresh: false })).toBe("first");
  expect(used).toEqual([]);
});

test("one that is about to end is replaced, and so is one that was refused", async () => {
  const ending = tab();
  ending.street.time += HOUR - 60_000;
  expect(await ending.token({ fresh: false })).toBe("after r1");

  const refused = tab();
  expect(await refused.token({ fresh: true })).toBe("after r1");
  expect(await refused.token({ fresh: false })).toBe("after r1");
  expect(refused.used).toEqual(["r1"]);
});

test("a refresh token stays until there is another", async () => {
  const { token, street } = tab();

  await token({ fresh: true });

  expect(tokensOf(street.store)).toMatchObject({ refresh: "r1", token: "after r1" });
});

test("who asks at the same time gets the same, though they ask in two tabs", async () => {
  const { token, street, used } = tab();
  const other = keeper(street, () => Promise.reject(new Error("a refresh token is good once")));

  const given = await Promise.all([
    token({ fresh: true }),
    token({ fresh: true }),
    other({ fresh: true }),
  ]);

  expect(given).toEqual(["after r1", "after r1", "after r1"]);
  expect(used).toEqual(["r1"]);
});

test("what the issuer takes back ends the sign-in, and nothing else", async () => {
  const { token, street } = tab({}, () => Promise.reject(new Over()));
  street.store.write("draft.tea", "half a thou");

  expect(await token({ fresh: true })).toBeUndefined();

  expect(accountOf(street.store)).toBeUndefined();
  expect(lastAccount(street.store)?.name).toBe("Alice");
  expect(street.store.names("draft.")).toEqual(["draft.tea"]);
});

test("an issuer that is out of reach ends nothing", async () => {
  const { token, street } = tab({}, () => Promise.reject(new TypeError("Failed to fetch")));

  await expect(token({ fresh: true })).rejects.toThrow("Failed to fetch");

  expect(accountOf(street.store)?.name).toBe("Alice");
});

test("without a refresh token the sign-in ends with the token", async () => {
  const { token, street } = tab({ refresh: undefined });
  expect(await token({ fresh: true })).toBe("first");

  street.time += HOUR;

  expect(await token({ fresh: false })).toBeUndefined();
  expect(accountOf(street.store)).toBeUndefined();
});

test("nobody is nobody", async () => {
  const street = new FakeStreet();

  expect(
    await keeper(street, () => Promise.reject(new Error("asked")))({ fresh: true }),
  ).toBeUndefined();
});
