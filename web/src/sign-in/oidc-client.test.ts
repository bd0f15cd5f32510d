/** What is particular to an issuer by redirect; the whole way is tested in a browser. */

import { expect, test } from "vitest";

import type { ByRedirect } from "../lib/sign-in-config.ts";
import { FakeStreet, tokenOf } from "../testing/browser.ts";
import { Oidc } from "./oidc-client.ts";
import { Over, wordsFor } from "./errors.ts";

const BACK = "https://page.example/";
const SILENT = {
  authorization: "https://pages.example/authorize?tenant=1",
  token: "https://pages.example/token",
};
const DISCOVERED: ByRedirect = {
  type: "oidc",
  issuer: "https://issuer.example",
  clientId: "page",
  scope: "openid profile",
  token: "access",
  parameters: { audience: "chat" },
};
const CONFIG: ByRedirect = {
  ...DISCOVERED,
  endpoints: { ...SILENT, endSession: "https://pages.example/logout" },
};

function answering(street: FakeStreet, body: object, status = 200): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  street.answer = async (request) => {
    asked.push(new URLSearchParams(await request.text()));
    const headers = { "Content-Type": "application/json" };
    return new Response(JSON.stringify(body), { status, headers });
  };
  return asked;
}

function idToken(street: FakeStreet, claims: object): string {
  const now = Math.floor(Date.now() / 1_000);
  street.time = Date.now();
  return tokenOf({
    iss: CONFIG.issuer,
    aud: "page",
    sub: "u-1",
    iat: now,
    exp: now + 600,
    ...claims,
  });
}

test("goes to the issuer with all that it needs, and asks nobody where that is", async () => {
  const [address, trip] = await new Oidc(CONFIG, new FakeStreet()).leave(BACK);

  expect(address.origin + address.pathname).toBe("https://pages.example/authorize");
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    tenant: "1",
    audience: "chat",
    response_type: "code",
    client_id: "page",
    redirect_uri: BACK,
    scope: "openid profile",
    state: trip.state,
    nonce: trip.nonce,
    code_challenge_method: "S256",
  });
  expect(address.href).not.toContain(trip.verifier);
});

test.each(["access", "id"] as const)("shows the chat the %s token", async (token) => {
  const street = new FakeStreet();
  const oidc = new Oidc({ ...CONFIG, token }, street);
  const [, trip] = await oidc.leave(BACK);
  const id = idToken(street, { nonce: trip.nonce, name: "Alice" });
  const body = { access_token: "opaque", id_token: id, token_type: "bearer", expires_in: 60 };
  const asked = answering(street, body);
  const address = new URL(`${BACK}?code=c1&state=${trip.state}`);

  const { account, tokens } = await oidc.arrive(address, trip, BACK);

  expect(account).toEqual({ userId: "u-1", name: "Alice" });
  expect(tokens.token).toBe(token === "id" ? id : "opaque");
  expect(tokens.expiresAt - street.now()).toBeGreaterThan(token === "id" ? 500_000 : 50_000);
  expect(asked[0]?.get("code_verifier")).toBe(trip.verifier);
});

test.each([
  ["another's nonce", { nonce: "other" }],
  ["another client's", { aud: "other" }],
  ["another issuer's", { iss: "https://evil.example" }],
])("an identity that is %s is refused", async (_, claims) => {
  const street = new FakeStreet();
  const oidc = new Oidc(CONFIG, street);
  const [, trip] = await oidc.leave(BACK);
  const id = idToken(street, { nonce: trip.nonce, ...claims });
  answering(street, { access_token: "opaque", id_token: id, token_type: "bearer" });
  const address = new URL(`${BACK}?code=c1&state=${trip.state}`);

  await expect(oidc.arrive(address, trip, BACK)).rejects.toThrow();
});

test("a state that is not ours is refused before anything is asked", async () => {
  const street = new FakeStreet();
  const oidc = new Oidc(CONFIG, street);
  const [, trip] = await oidc.leave(BACK);
  const asked = answering(street, {});

  const arriving = oidc.arrive(new URL(`${BACK}?code=c1&state=planted`), trip, BACK);

  expect(wordsFor(await arriving.catch((error: unknown) => error))).toContain("begun elsewhere");
  expect(asked).toEqual([]);
});

test("renewing tells an end from a failure", async () => {
  const street = new FakeStreet();
  const oidc = new Oidc(CONFIG, street);

  for (const error of ["invalid_grant", "invalid_client", "unauthorized_client"]) {
    answering(street, { error }, 400);
    await expect(oidc.renew("r1")).rejects.toBeInstanceOf(Over);
  }
  answering(street, {}, 500);
  await expect(oidc.renew("r1")).rejects.not.toBeInstanceOf(Over);
});

test.each([
  [429, "too_many_requests"],
  [400, "slow_down"],
  [400, "temporarily_unavailable"],
  [400, "invalid_scope"],
])("a renewal that is answered %i %s is for later", async (status, error) => {
  const street = new FakeStreet();
  answering(street, { error }, status);

  const renewing = new Oidc(CONFIG, street).renew("r1");

  await expect(renewing).rejects.toThrow();
  await expect(renewing).rejects.not.toBeInstanceOf(Over);
});

test.each([
  ["invalid_grant", "begun elsewhere, or too long ago"],
  ["invalid_client", "went wrong at the other end"],
  ["too_many_requests", "went wrong at the other end"],
])("a code that is answered with %s has words of its own", async (error, words) => {
  const street = new FakeStreet();
  const oidc = new Oidc(CONFIG, street);
  const [, trip] = await oidc.leave(BACK);
  answering(street, { error }, 400);

  const arriving = oidc.arrive(new URL(`${BACK}?code=c1&state=${trip.state}`), trip, BACK);

  expect(wordsFor(await arriving.catch((reason: unknown) => reason))).toContain(words);
});

test("says goodbye where the issuer listens, with no token in the address", async () => {
  const street = new FakeStreet();

  const address = await new Oidc(CONFIG, street).goodbye(BACK);

  expect(address?.href).toBe(
    "https://pages.example/logout?client_id=page&post_logout_redirect_uri=https%3A%2F%2Fpage.example%2F&logout_uri=https%3A%2F%2Fpage.example%2F",
  );
  expect(await new Oidc({ ...CONFIG, endpoints: SILENT }, street).goodbye(BACK)).toBeUndefined();
});

test("only an issuer on this machine may do without TLS", async () => {
  const street = new FakeStreet();
  answering(street, { issuer: "http://issuer.example", authorization_endpoint: "http://i/" });

  await expect(
    new Oidc({ ...DISCOVERED, issuer: "http://issuer.example" }, street).leave(BACK),
  ).rejects.toThrow();

  answering(street, {
    issuer: "http://127.0.0.1:1",
    authorization_endpoint: "http://127.0.0.1:1/a",
  });
  const [address] = await new Oidc({ ...DISCOVERED, issuer: "http://127.0.0.1:1" }, street).leave(
    BACK,
  );
  expect(address.host).toBe("127.0.0.1:1");
});
