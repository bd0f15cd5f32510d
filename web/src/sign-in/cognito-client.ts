/** The few words of Cognito's API that a sign-in form needs; its SDK is a hundred times as much. */

import type { Account, Tokens } from "./account.ts";
import type { Street } from "../lib/auth-provider.ts";
import type { ByForm } from "../lib/sign-in-config.ts";
import { claimsOf } from "./jwt-claims.ts";
import { Over, Refusal } from "./errors.ts";

/** What Cognito wants to know before it gives tokens. */
export interface Challenge {
  readonly kind: "NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA";
  readonly session: string;
  readonly name: string;
}

export interface SignedIn {
  readonly account: Account;
  readonly tokens: Tokens;
}

const WRONG = "Name or password is wrong.";
const LATER = "Too many tries. Wait a little and try again.";
const WORDS: Readonly<Partial<Record<string, string>>> = {
  NotAuthorizedException: WRONG,
  UserNotFoundException: WRONG,
  UserNotConfirmedException: "This account is not confirmed yet. Look for a mail with a code.",
  PasswordResetRequiredException: "The password has to be reset first. Ask whoever runs this chat.",
  InvalidPasswordException:
    "That is too simple. Take a longer one, with capitals, digits and symbols.",
  CodeMismatchException: "That code is wrong.",
  ExpiredCodeException: "That code is too old. Take the next one.",
  TooManyRequestsException: LATER,
  LimitExceededException: LATER,
};

interface Answer {
  readonly ChallengeName?: string;
  readonly Session?: string;
  readonly AuthenticationResult?: {
    readonly AccessToken: string;
    readonly ExpiresIn: number;
    readonly RefreshToken?: string;
  };
}

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/ */
export class Cognito {
  readonly #config: ByForm;
  readonly #street: Street;

  constructor(config: ByForm, street: Street) {
    this.#config = config;
    this.#street = street;
  }

  async signIn(name: string, password: string): Promise<SignedIn | Challenge> {
    const answer = await this.#ask("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: name, PASSWORD: password },
    });
    return this.#outcome(answer, name);
  }

  async answer(challenge: Challenge, text: string): Promise<SignedIn | Challenge> {
    const { kind, session, name } = challenge;
    const field = kind === "NEW_PASSWORD_REQUIRED" ? "NEW_PASSWORD" : "SOFTWARE_TOKEN_MFA_CODE";
    const answer = await this.#ask("RespondToAuthChallenge", {
      ChallengeName: kind,
      Session: session,
      ChallengeResponses: { USERNAME: name, [field]: text },
    });
    return this.#outcome(answer, name);
  }

  renew = async (refresh: string): Promise<Tokens> => {
    const answer = await this.#ask("InitiateAuth", {
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: refresh },
    }).catch((error: unknown) => {
      throw error instanceof Refusal && error.message !== LATER ? new Over() : error;
    });
    return this.#tokens(answer);
  };

  /** Let the refresh token, and all that it brought, count no more. */
  async revoke(refresh: string): Promise<void> {
    await this.#ask("RevokeToken", { Token: refresh });
  }

  #outcome(answer: Answer, name: string): SignedIn | Challenge {
    const { ChallengeName: kind, Session: session = "" } = answer;
    if (kind === "NEW_PASSWORD_REQUIRED" || kind === "SOFTWARE_TOKEN_MFA") {
      return { kind, session, name };
    }
    const tokens = this.#tokens(answer);
    const { sub = name, username = name } = claimsOf(tokens.token);
    return { account: { userId: sub, name: username }, tokens };
  }

  #tokens({ AuthenticationResult: result }: Answer): Tokens {
    if (!result) throw new Refusal("This account needs a way to sign in that this page has not.");
    const expiresAt = this.#street.now() + result.ExpiresIn * 1_000;
    const { AccessToken: token, RefreshToken: refresh } = result;
    return { token, expiresAt, ...(refresh !== undefined && { refresh }) };
  }

  async #ask(action: string, parameters: object): Promise<Answer> {
    const response = await this.#street.fetch(this.#config.endpoint, {
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
    const answer: unknown = text === "" ? {} : JSON.parse(text);
    if (response.ok) return answer as Answer;
    throw refusal(answer as { readonly __type?: string }, response.status);
  }
}

function refusal({ __type: type = "" }: { readonly __type?: string }, status: number): Error {
  const name = type.slice(type.lastIndexOf("#") + 1);
  if (status >= 500) return new Error(name);
  return new Refusal(WORDS[name] ?? "The sign-in was refused. Ask whoever runs this chat.");
}
