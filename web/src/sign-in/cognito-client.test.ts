/** What the sign-in form says to Cognito, and what it makes of the answers. */

import { expect, test } from "vitest";

import { FakeStreet, tokenOf } from "../testing/browser.ts";
import { Cognito } from "./cognito-client.ts";
import { Over, wordsFor } from "./errors.ts";

const ACCESS = tokenOf({ sub: "u-1", username: "alice" });
const RESULT = { AccessToken: ACCESS, ExpiresIn: 3_600, RefreshToken: "r1" };

interface Asked {
  readonly target: string | null;
  readonly body: unknown;
}

function pool(...answers: readonly (readonly [number, object])[]): [Cognito, Asked[], FakeStreet] {
  const browser = new FakeStreet();
  const asked: Asked[] = [];
  const left = [...answers];
  browser.respond = async (request) => {
    asked.push({ target: request.headers.get("X-Amz-Target"), body: await request.json() });
    const [status, body] = left.shift() ?? [500, {}];
    return new Response(JSON.stringify(body), { status });
  };
  const config = { type: "cognito", endpoint: "https://idp.example/", clientId: "page" } as const;
  return [new Cognito(config, browser), asked, browser];
}

test("a name and a password are worth tokens", async () => {
  const [cognito, asked, browser] = pool([200, { AuthenticationResult: RESULT }]);

  const outcome = await cognito.signIn("alice", " secret ");

  expect(outcome).toEqual({
    account: { userId: "u-1", name: "alice" },
    tokens: { token: ACCESS, refresh: "r1", expiresAt: browser.now() + 3_600_000 },
  });
  expect(asked).toEqual([
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
  const [cognito, asked] = pool([200, challenge], [200, { AuthenticationResult: RESULT }]);
  const first = await cognito.signIn("alice", "secret");
  if (!("kind" in first)) throw new Error("no challenge");

  expect(await cognito.answer(first, "mine")).toMatchObject({ account: { userId: "u-1" } });

  const ChallengeResponses = { USERNAME: "alice", [field]: "mine" };
  const body = { ClientId: "page", ChallengeName: kind, Session: "s", ChallengeResponses };
  expect(asked[1]?.body).toEqual(body);
});

test.each([
  [400, { __type: "NotAuthorizedException" }, "Name or password is wrong."],
  [400, { __type: "com.amazonaws#UserNotFoundException" }, "Name or password is wrong."],
  [400, { __type: "UserNotConfirmedException" }, "not confirmed"],
  [400, { __type: "PasswordResetRequiredException" }, "has to be reset"],
  [400, { __type: "InvalidPasswordException" }, "too simple"],
  [429, { __type: "TooManyRequestsException" }, "Wait a little"],
  [400, { __type: "SomethingNewException", message: "<b>" }, "was refused"],
  [400, {}, "was refused"],
  [503, { __type: "InternalErrorException" }, "could not be reached"],
  [200, { ChallengeName: "SELECT_CHALLENGE" }, "this page has not"],
])("%i %j is said in plain words", async (status, body, words) => {
  const [cognito] = pool([status, body]);

  const error: unknown = await cognito.signIn("alice", "x").catch((reason: unknown) => reason);

  expect(wordsFor(error)).toContain(words);
  expect(wordsFor(error)).not.toMatch(/Exception|<b>/);
});

test("no network is said in plain words", async () => {
  const browser = new FakeStreet();
  const config = { type: "cognito", endpoint: "https://idp.example/", clientId: "page" } as const;

  const error: unknown = await new Cognito(config, browser)
    .signIn("a", "b")
    .catch((it: unknown) => it);

  expect(wordsFor(error)).toContain("Check your connection");
});

test("renewing tells an end from a failure", async () => {
  const ended = pool([400, { __type: "NotAuthorizedException" }]);
  const busy = pool([429, { __type: "TooManyRequestsException" }]);
  const broken = pool([500, {}]);
  const fine = pool([200, { AuthenticationResult: { AccessToken: ACCESS, ExpiresIn: 60 } }]);

  await expect(ended[0].renew("r1")).rejects.toBeInstanceOf(Over);
  await expect(busy[0].renew("r1")).rejects.not.toBeInstanceOf(Over);
  await expect(broken[0].renew("r1")).rejects.not.toBeInstanceOf(Over);
  expect(await fine[0].renew("r1")).toEqual({ token: ACCESS, expiresAt: fine[2].now() + 60_000 });
  expect(fine[1][0]?.body).toMatchObject({ AuthParameters: { REFRESH_TOKEN: "r1" } });
});
