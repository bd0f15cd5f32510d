/** A client for the part of Cognito's API that the form needs. Its SDK is a hundred times as large. */

import type { Account, Tokens } from "./account.ts";
import type { BrowserPort } from "../lib/auth-provider.ts";
import type { CognitoConfig } from "../lib/sign-in-config.ts";
import { claimsOf } from "./jwt-claims.ts";
import { SessionExpired, SignInError } from "./errors.ts";

/** A question that Cognito asks before it returns tokens. */
export interface Challenge {
  readonly kind: "NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA";
  readonly session: string;
  readonly name: string;
}

export interface SignedIn {
  readonly account: Account;
  readonly tokens: Tokens;
}

const WRONG = "The name or the password is wrong.";
const LATER = "Too many attempts. Wait a moment and try again.";
const MESSAGES: Readonly<Partial<Record<string, string>>> = {
  NotAuthorizedException: WRONG,
  UserNotFoundException: WRONG,
  UserNotConfirmedException: "This account is not confirmed yet. Check your mail for a code.",
  PasswordResetRequiredException:
    "Your password has to be reset first. Ask the operator of this chat.",
  InvalidPasswordException:
    "That password is too simple. Use a longer one with capitals, digits and symbols.",
  CodeMismatchException: "That code is wrong.",
  ExpiredCodeException: "That code has expired. Use the next one.",
  TooManyRequestsException: LATER,
  LimitExceededException: LATER,
};

interface Reply {
  readonly ChallengeName?: string;
  readonly Session?: string;
  readonly AuthenticationResult?: {
    readonly AccessToken: string;
    readonly ExpiresIn: number;
    readonly RefreshToken?: string;
  };
}

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/ */
export class CognitoClient {
  readonly #config: CognitoConfig;
  readonly #browser: BrowserPort;

  constructor(config: CognitoConfig, browser: BrowserPort) {
    this.#config = config;
    this.#browser = browser;
  }

  async signIn(name: string, password: string): Promise<SignedIn | Challenge> {
    const reply = await this.#call("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: name, PASSWORD: password },
    });
    return this.#outcome(reply, name);
  }

  async answer(challenge: Challenge, text: string): Promise<SignedIn | Challenge> {
    const { kind, session, name } = challenge;
    const field = kind === "NEW_PASSWORD_REQUIRED" ? "NEW_PASSWORD" : "SOFTWARE_TOKEN_MFA_CODE";
    const reply = await this.#call("RespondToAuthChallenge", {
      ChallengeName: kind,
      Session: session,
      ChallengeResponses: { USERNAME: name, [field]: text },
    });
    return this.#outcome(reply, name);
  }

  /** Returns new tokens, also if the client of the pool rotates refresh tokens. */
  refresh = async (refreshToken: string): Promise<Tokens> => {
    const reply = await this.#call("GetTokensFromRefreshToken", {
      RefreshToken: refreshToken,
    }).catch((error: unknown) => {
      throw error instanceof SignInError && error.message !== LATER ? new SessionExpired() : error;
    });
    return this.#tokens(reply);
  };

  /** Revokes the refresh token and all tokens that it returned. */
  revoke = async (refresh: string): Promise<void> => {
    await this.#call("RevokeToken", { Token: refresh });
  };

  #outcome(reply: Reply, name: string): SignedIn | Challenge {
    const { ChallengeName: kind, Session: session = "" } = reply;
    if (kind === "NEW_PASSWORD_REQUIRED" || kind === "SOFTWARE_TOKEN_MFA") {
      return { kind, session, name };
    }
    const tokens = this.#tokens(reply);
    const { sub = name, username = name } = claimsOf(tokens.token);
    return { account: { userId: sub, name: username }, tokens };
  }

  #tokens({ AuthenticationResult: result }: Reply): Tokens {
    if (!result)
      throw new SignInError("This account needs a way to sign in that this page doesn't support.");
    const expiresAt = this.#browser.now() + result.ExpiresIn * 1_000;
    const { AccessToken: token, RefreshToken: refresh } = result;
    return { token, expiresAt, ...(refresh !== undefined && { refresh }) };
  }

  async #call(action: string, parameters: object): Promise<Reply> {
    const response = await this.#browser.fetch(this.#config.endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify({ ClientId: this.#config.clientId, ...parameters }),
      credentials: "omit",
      keepalive: true,
    });
    const text = await response.text();
    const reply: unknown = text === "" ? {} : JSON.parse(text);
    if (response.ok) return reply as Reply;
    throw errorOf(reply as { readonly __type?: string }, response.status);
  }
}

function errorOf({ __type: type = "" }: { readonly __type?: string }, status: number): Error {
  const name = type.slice(type.lastIndexOf("#") + 1);
  if (status >= 500) return new Error(name);
  return new SignInError(
    MESSAGES[name] ?? "The sign-in was rejected. Ask the operator of this chat.",
  );
}
