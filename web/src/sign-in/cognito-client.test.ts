/** The requests to Cognito, and the results of its replies. */

import { expect, test } from "vitest";

import { FakeBrowser, tokenOf } from "../testing/browser.ts";
import { CognitoClient } from "./cognito-client.ts";
import { SessionExpired, signInMessage } from "./errors.ts";

const ACCESS = tokenOf({ sub: "u-1", username: "alice" });
const RESULT = { AccessToken: ACCESS, ExpiresIn: 3_600, RefreshToken: "r1" };

interface SentRequest {
  readonly target: string | null;
  readonly body: unknown;
}

function pool(
  ...replies: readonly (readonly [number, object])[]
): [CognitoClient, SentRequest[], FakeBrowser] {
  const browser = new FakeBrowser();
  const requests: SentRequest[] = [];
  const left = [...replies];
  browser.respond = async (request) => {
    requests.push({ target: request.headers.get("X-Amz-Target"), body: await request.json() });
    const [status, body] = left.shift() ?? [500, {}];
    return new Response(JSON.stringify(body), { status });
  };
  const config = { type: "cognito", endpoint: "https://idp.example/", clientId: "page" } as const;
  return [new CognitoClient(config, browser), requests, browser];
}

test("a name and a password return tokens", async () => {
  const [cognito, requests, browser] = pool([200, { AuthenticationResult: RESULT }]);

  const outcome = await cognito.signIn("alice", " secret ");

  expect(outcome).toEqual({
    account: { userId: "u-1", name: "alice" },
    tokens: { token: ACCESS, refresh: "r1", expiresAt: browser.now() + 3_600_000 },
  });
  expect(requests).toEqual([
    {
      target: "AWSCognitoIdentityProviderService.InitiateAuth",
      body: {
        ClientId: "page",
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "alice", PASSWORD: " secret " },
      },
    },
  ]);
});

test.each([
  ["NEW_PASSWORD_REQUIRED", "NEW_PASSWORD"],
  ["SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE"],
])("%s is answered", async (kind, field) => {
  const challenge = { ChallengeName: kind, Session: "s" };
  const [cognito, requests] = pool([200, challenge], [200, { AuthenticationResult: RESULT }]);
  const first = await cognito.signIn("alice", "secret");
  if (!("kind" in first)) throw new Error("no challenge");

  expect(await cognito.answer(first, "mine")).toMatchObject({ account: { userId: "u-1" } });

  const ChallengeResponses = { USERNAME: "alice", [field]: "mine" };
  const body = { ClientId: "page", ChallengeName: kind, Session: "s", ChallengeResponses };
  expect(requests[1]?.body).toEqual(body);
});

test.each([
  [400, { __type: "NotAuthorizedException" }, "The name or the password is wrong."],
  [400, { __type: "com.amazonaws#UserNotFoundException" }, "The name or the password is wrong."],
  [400, { __type: "UserNotConfirmedException" }, "not confirmed"],
  [400, { __type: "PasswordResetRequiredException" }, "has to be reset"],
  [400, { __type: "InvalidPasswordException" }, "too simple"],
  [429, { __type: "TooManyRequestsException" }, "Wait a moment"],
  [400, { __type: "SomethingNewException", message: "<b>" }, "was rejected"],
  [400, {}, "was rejected"],
  [503, { __type: "InternalErrorException" }, "could not be reached"],
  [200, { ChallengeName: "SELECT_CHALLENGE" }, "this page doesn't support"],
])("%i %j has a message for the user", async (status, body, words) => {
  const [cognito] = pool([status, body]);

  const error: unknown = await cognito.signIn("alice", "x").catch((reason: unknown) => reason);

  expect(signInMessage(error)).toContain(words);
  expect(signInMessage(error)).not.toMatch(/Exception|<b>/);
});

test("a network error has a message for the user", async () => {
  const browser = new FakeBrowser();
  const config = { type: "cognito", endpoint: "https://idp.example/", clientId: "page" } as const;

  const error: unknown = await new CognitoClient(config, browser)
    .signIn("a", "b")
    .catch((it: unknown) => it);

  expect(signInMessage(error)).toContain("Check your connection");
});

test("a refresh distinguishes an expired session from a failure", async () => {
  const ended = pool([400, { __type: "NotAuthorizedException" }]);
  const busy = pool([429, { __type: "TooManyRequestsException" }]);
  const broken = pool([500, {}]);
  const fine = pool([200, { AuthenticationResult: { AccessToken: ACCESS, ExpiresIn: 60 } }]);

  await expect(ended[0].refresh("r1")).rejects.toBeInstanceOf(SessionExpired);
  await expect(busy[0].refresh("r1")).rejects.not.toBeInstanceOf(SessionExpired);
  await expect(broken[0].refresh("r1")).rejects.not.toBeInstanceOf(SessionExpired);
  expect(await fine[0].refresh("r1")).toEqual({ token: ACCESS, expiresAt: fine[2].now() + 60_000 });
});

test("a refresh works with and without rotation of refresh tokens", async () => {
  const result = { AccessToken: ACCESS, ExpiresIn: 60 };
  const [cognito, requests] = pool(
    [200, { AuthenticationResult: { ...result, RefreshToken: "r2" } }],
    [200, { AuthenticationResult: result }],
  );

  expect((await cognito.refresh("r1")).refresh).toBe("r2");
  expect((await cognito.refresh("r2")).refresh).toBeUndefined();

  const target = "AWSCognitoIdentityProviderService.GetTokensFromRefreshToken";
  expect(requests).toEqual([
    { target, body: { ClientId: "page", RefreshToken: "r1" } },
    { target, body: { ClientId: "page", RefreshToken: "r2" } },
  ]);
});

test("a refresh token that was used before ends the session", async () => {
  const [cognito] = pool([400, { __type: "RefreshTokenReuseException" }]);

  await expect(cognito.refresh("r1")).rejects.toBeInstanceOf(SessionExpired);
});
