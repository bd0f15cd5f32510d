/** Details of the redirect flow. The whole flow is tested in a browser. */

import { expect, test } from "vitest";

import type { OidcConfig } from "../lib/sign-in-config.ts";
import { FakeBrowser, tokenOf } from "../testing/browser.ts";
import { OidcClient } from "./oidc-client.ts";
import { SessionExpired, signInMessage } from "./errors.ts";

const BACK = "https://page.example/";
const ENDPOINTS = {
  authorization: "https://pages.example/authorize?tenant=1",
  token: "https://pages.example/token",
};
const DISCOVERED: OidcConfig = {
  type: "oidc",
  issuer: "https://issuer.example",
  clientId: "page",
  scope: "openid profile",
  token: "access",
  parameters: { audience: "chat" },
};
const CONFIG: OidcConfig = {
  ...DISCOVERED,
  endpoints: { ...ENDPOINTS, endSession: "https://pages.example/logout" },
};

function answering(browser: FakeBrowser, body: object, status = 200): URLSearchParams[] {
  const requests: URLSearchParams[] = [];
  browser.respond = async (request) => {
    requests.push(new URLSearchParams(await request.text()));
    const headers = { "Content-Type": "application/json" };
    return new Response(JSON.stringify(body), { status, headers });
  };
  return requests;
}

function idToken(browser: FakeBrowser, claims: object): string {
  const now = Math.floor(Date.now() / 1_000);
  browser.time = Date.now();
  return tokenOf({
    iss: CONFIG.issuer,
    aud: "page",
    sub: "u-1",
    iat: now,
    exp: now + 600,
    ...claims,
  });
}

test("the authorization request has all parameters, without discovery", async () => {
  const [address, pending] = await new OidcClient(CONFIG, new FakeBrowser()).startSignIn(BACK);

  expect(address.origin + address.pathname).toBe("https://pages.example/authorize");
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    tenant: "1",
    audience: "chat",
    response_type: "code",
    client_id: "page",
    redirect_uri: BACK,
    scope: "openid profile",
    state: pending.state,
    nonce: pending.nonce,
    code_challenge_method: "S256",
  });
  expect(address.href).not.toContain(pending.verifier);
});

test.each(["access", "id"] as const)("the chat receives the %s token", async (token) => {
  const browser = new FakeBrowser();
  const oidc = new OidcClient({ ...CONFIG, token }, browser);
  const [, pending] = await oidc.startSignIn(BACK);
  const id = idToken(browser, { nonce: pending.nonce, name: "Alice" });
  const body = { access_token: "opaque", id_token: id, token_type: "bearer", expires_in: 60 };
  const requests = answering(browser, body);
  const address = new URL(`${BACK}?code=c1&state=${pending.state}`);

  const { account, tokens } = await oidc.finishSignIn(address, pending, BACK);

  expect(account).toEqual({ userId: "u-1", name: "Alice" });
  expect(tokens.token).toBe(token === "id" ? id : "opaque");
  expect(tokens.expiresAt - browser.now()).toBeGreaterThan(token === "id" ? 500_000 : 50_000);
  expect(requests[0]?.get("code_verifier")).toBe(pending.verifier);
});

test.each([
  ["another nonce", { nonce: "other" }],
  ["another audience", { aud: "other" }],
  ["another issuer", { iss: "https://evil.example" }],
])("an ID token with %s is rejected", async (_, claims) => {
  const browser = new FakeBrowser();
  const oidc = new OidcClient(CONFIG, browser);
  const [, pending] = await oidc.startSignIn(BACK);
  const id = idToken(browser, { nonce: pending.nonce, ...claims });
  answering(browser, { access_token: "opaque", id_token: id, token_type: "bearer" });
  const address = new URL(`${BACK}?code=c1&state=${pending.state}`);

  await expect(oidc.finishSignIn(address, pending, BACK)).rejects.toThrow();
});

test("an unknown state is rejected before any request", async () => {
  const browser = new FakeBrowser();
  const oidc = new OidcClient(CONFIG, browser);
  const [, pending] = await oidc.startSignIn(BACK);
  const requests = answering(browser, {});

  const result = oidc.finishSignIn(new URL(`${BACK}?code=c1&state=planted`), pending, BACK);

  expect(signInMessage(await result.catch((error: unknown) => error))).toContain(
    "started elsewhere",
  );
  expect(requests).toEqual([]);
});

test("a refresh distinguishes an expired session from a failure", async () => {
  const browser = new FakeBrowser();
  const oidc = new OidcClient(CONFIG, browser);

  for (const error of ["invalid_grant", "invalid_client", "unauthorized_client"]) {
    answering(browser, { error }, 400);
    await expect(oidc.refresh("r1")).rejects.toBeInstanceOf(SessionExpired);
  }
  answering(browser, {}, 500);
  await expect(oidc.refresh("r1")).rejects.not.toBeInstanceOf(SessionExpired);
});

test.each([
  [429, "too_many_requests"],
  [400, "slow_down"],
  [400, "temporarily_unavailable"],
  [400, "invalid_scope"],
])("a refresh with the reply %i %s may be retried", async (status, error) => {
  const browser = new FakeBrowser();
  answering(browser, { error }, status);

  const refreshing = new OidcClient(CONFIG, browser).refresh("r1");

  await expect(refreshing).rejects.toThrow();
  await expect(refreshing).rejects.not.toBeInstanceOf(SessionExpired);
});

test.each([
  ["invalid_grant", "started elsewhere, or too long ago"],
  ["invalid_client", "reported an error"],
  ["too_many_requests", "reported an error"],
])("a code with the reply %s has its own message", async (error, words) => {
  const browser = new FakeBrowser();
  const oidc = new OidcClient(CONFIG, browser);
  const [, pending] = await oidc.startSignIn(BACK);
  answering(browser, { error }, 400);

  const result = oidc.finishSignIn(
    new URL(`${BACK}?code=c1&state=${pending.state}`),
    pending,
    BACK,
  );

  expect(signInMessage(await result.catch((reason: unknown) => reason))).toContain(words);
});

test("the logout address has no token", async () => {
  const browser = new FakeBrowser();

  const address = await new OidcClient(CONFIG, browser).logoutUrl(BACK);

  expect(address?.href).toBe(
    "https://pages.example/logout?client_id=page&post_logout_redirect_uri=https%3A%2F%2Fpage.example%2F&logout_uri=https%3A%2F%2Fpage.example%2F",
  );
  expect(
    await new OidcClient({ ...CONFIG, endpoints: ENDPOINTS }, browser).logoutUrl(BACK),
  ).toBeUndefined();
});

test("only an issuer on this machine may use HTTP", async () => {
  const browser = new FakeBrowser();
  answering(browser, { issuer: "http://issuer.example", authorization_endpoint: "http://i/" });

  await expect(
    new OidcClient({ ...DISCOVERED, issuer: "http://issuer.example" }, browser).startSignIn(BACK),
  ).rejects.toThrow();

  answering(browser, {
    issuer: "http://127.0.0.1:1",
    authorization_endpoint: "http://127.0.0.1:1/a",
  });
  const [address] = await new OidcClient(
    { ...DISCOVERED, issuer: "http://127.0.0.1:1" },
    browser,
  ).startSignIn(BACK);
  expect(address.host).toBe("127.0.0.1:1");
});
