/** A client for the authorization code flow with PKCE, with the library oauth4webapi. */

import * as oauth from "oauth4webapi";

import type { Account, Tokens } from "./account.ts";
import type { BrowserPort } from "../lib/auth-provider.ts";
import type { OidcConfig } from "../lib/sign-in-config.ts";
import { claimsOf } from "./jwt-claims.ts";
import { SessionExpired, SignInError } from "./errors.ts";

/** The state of a sign-in while the user is on the issuer's pages. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

interface SignedIn {
  readonly account: Account;
  readonly tokens: Tokens;
}

interface Options {
  readonly [oauth.customFetch]: (url: string, init: object) => Promise<Response>;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see where it is set
  readonly [oauth.allowInsecureRequests]: boolean;
}

const NOT_OURS = "That sign-in was started elsewhere, or too long ago. Try again.";
const WRONG_THERE =
  "The sign-in service reported an error. Try again, or ask the operator of this chat.";

/**
 * The errors after which a refresh token is no longer valid. Other errors may be temporary.
 *
 * RFC 6749, section 5.2.
 */
const FINAL_ERRORS: readonly string[] = ["invalid_grant", "invalid_client", "unauthorized_client"];

export class OidcClient {
  readonly #config: OidcConfig;
  readonly #browser: BrowserPort;
  readonly #client: oauth.Client;
  readonly #options: Options;
  #server: Promise<oauth.AuthorizationServer> | undefined;

  constructor(config: OidcConfig, browser: BrowserPort) {
    this.#config = config;
    this.#browser = browser;
    this.#client = { client_id: config.clientId };
    this.#options = {
      [oauth.customFetch]: (url, init) => browser.fetch(url, init),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the library marks a dangerous option this way
      [oauth.allowInsecureRequests]: isOnThisMachine(config.issuer),
    };
  }

  /** Returns the address of the issuer's page, and the state to store until the user returns. */
  async startSignIn(redirectUri: string): Promise<[URL, PendingSignIn]> {
    const server = await this.#discovered();
    const verifier = oauth.generateRandomCodeVerifier();
    const pending = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier,
    };
    const address = new URL(required(server.authorization_endpoint));
    const parameters = {
      ...this.#config.parameters,
      response_type: "code",
      client_id: this.#config.clientId,
      redirect_uri: redirectUri,
      scope: this.#config.scope,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return [address, pending];
  }

  /** Exchanges the code in the *address* to which the user returned. */
  async finishSignIn(
    address: URL,
    pending: PendingSignIn | undefined,
    redirectUri: string,
  ): Promise<SignedIn> {
    if (!pending) throw new SignInError(NOT_OURS);
    const server = await this.#discovered();
    const code = read(() =>
      oauth.validateAuthResponse(server, this.#client, address, pending.state),
    );
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      this.#client,
      oauth.None(),
      code,
      redirectUri,
      pending.verifier,
      this.#options,
    );
    const result = await oauth
      .processAuthorizationCodeResponse(server, this.#client, response, {
        ...(this.#wantsIdToken && { expectedNonce: pending.nonce }),
        requireIdToken: this.#config.token === "id",
      })
      .catch(throwSignInError);
    const tokens = this.#tokens(result);
    return { account: accountOf(oauth.getValidatedIdTokenClaims(result), tokens.token), tokens };
  }

  refresh = async (refreshToken: string): Promise<Tokens> => {
    const server = await this.#discovered();
    const response = await oauth.refreshTokenGrantRequest(
      server,
      this.#client,
      oauth.None(),
      refreshToken,
      this.#options,
    );
    const result = await oauth
      .processRefreshTokenResponse(server, this.#client, response)
      .catch((error: unknown) => {
        throw FINAL_ERRORS.includes(errorCode(error) ?? "") ? new SessionExpired() : error;
      });
    return this.#tokens(result);
  };

  /** Revokes the refresh token, if the issuer supports that. */
  revoke = async (refresh: string): Promise<void> => {
    const server = await this.#discovered();
    if (server.revocation_endpoint === undefined) return;
    await oauth.revocationRequest(server, this.#client, oauth.None(), refresh, this.#options);
  };

  /** Returns the address at which the issuer ends its session and redirects back. Undefined if none. */
  async logoutUrl(redirectUri: string): Promise<URL | undefined> {
    const { end_session_endpoint: endpoint } = await this.#discovered();
    if (endpoint === undefined) return undefined;
    const address = new URL(endpoint);
    address.searchParams.set("client_id", this.#config.clientId);
    address.searchParams.set("post_logout_redirect_uri", redirectUri);
    // Cognito uses another name for it.
    address.searchParams.set("logout_uri", redirectUri);
    return address;
  }

  get #wantsIdToken(): boolean {
    return this.#config.scope.split(" ").includes("openid");
  }

  #tokens(result: oauth.TokenEndpointResponse): Tokens {
    const isId = this.#config.token === "id";
    const token = isId ? result.id_token : result.access_token;
    if (token === undefined) throw new SessionExpired();
    const { exp } = claimsOf(token);
    const lifetime = (result.expires_in ?? 3_600) * 1_000;
    const expiresAt = exp === undefined ? this.#browser.now() + lifetime : exp * 1_000;
    const { refresh_token: refresh } = result;
    return { token, expiresAt, ...(refresh !== undefined && { refresh }) };
  }

  /** Returns the metadata of the issuer. It is requested once, and again after a failure. */
  #discovered(): Promise<oauth.AuthorizationServer> {
    this.#server ??= this.#discover().catch((error: unknown) => {
      this.#server = undefined;
      throw error;
    });
    return this.#server;
  }

  async #discover(): Promise<oauth.AuthorizationServer> {
    const { issuer, endpoints, algorithms } = this.#config;
    const signed = algorithms && { id_token_signing_alg_values_supported: [...algorithms] };
    if (!endpoints) {
      const options = { algorithm: "oidc", ...this.#options } as const;
      const response = await oauth.discoveryRequest(new URL(issuer), options);
      return { ...(await oauth.processDiscoveryResponse(new URL(issuer), response)), ...signed };
    }
    const { authorization, token, revocation, endSession } = endpoints;
    return {
      issuer,
      authorization_endpoint: authorization,
      token_endpoint: token,
      ...(revocation !== undefined && { revocation_endpoint: revocation }),
      ...(endSession !== undefined && { end_session_endpoint: endSession }),
      ...signed,
    };
  }
}

/** Return whether an issuer runs on this machine. Only such an issuer may use HTTP. */
function isOnThisMachine(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === "http:" && (hostname === "127.0.0.1" || hostname === "localhost");
}

function accountOf(claims: oauth.IDToken | undefined, token: string): Account {
  const userId = claims?.sub ?? claimsOf(token).sub ?? "";
  const names = [claims?.name, claims?.preferred_username, claims?.email, claimsOf(token).username];
  return { userId, name: names.find((name) => typeof name === "string") ?? userId };
}

function required(endpoint: string | undefined): string {
  if (endpoint === undefined) throw new SignInError("The sign-in page could not be found.");
  return endpoint;
}

/** Return the parameters in the address, or throw the error in them as SignInError. */
function read<Value>(answer: () => Value): Value {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof oauth.AuthorizationResponseError)) throw new SignInError(NOT_OURS);
    const isDenied = error.error === "access_denied";
    throw new SignInError(
      isDenied
        ? "Access denied: the sign-in was cancelled, or you are not allowed to use this chat."
        : WRONG_THERE,
    );
  }
}

/** Return the error code of the token endpoint, or undefined if the error has none. */
function errorCode(error: unknown): string | undefined {
  return error instanceof oauth.ResponseBodyError ? error.error : undefined;
}

/** Throw SignInError with a message. A rejected code was used, expired or belongs to another sign-in. */
function throwSignInError(error: unknown): never {
  const name = errorCode(error);
  if (name === undefined) throw error;
  throw new SignInError(name === "invalid_grant" ? NOT_OURS : WRONG_THERE);
}
