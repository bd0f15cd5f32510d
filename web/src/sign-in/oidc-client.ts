/** An issuer's pages, by authorization code with PKCE; oauth4webapi keeps to the specifications. */

import * as oauth from "oauth4webapi";

import type { Account, Tokens } from "./account.ts";
import type { Street } from "../lib/auth-provider.ts";
import type { ByRedirect } from "../lib/sign-in-config.ts";
import { claimsOf } from "./jwt-claims.ts";
import { Over, Refusal } from "./errors.ts";

/** What is remembered of a sign-in while the person is at the issuer's. */
export interface Trip {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

interface Arrival {
  readonly account: Account;
  readonly tokens: Tokens;
}

interface Options {
  readonly [oauth.customFetch]: (url: string, init: object) => Promise<Response>;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see where it is set
  readonly [oauth.allowInsecureRequests]: boolean;
}

const NOT_OURS = "That sign-in was begun elsewhere, or too long ago. Try again.";
const WRONG_THERE =
  "The sign-in went wrong at the other end. Try again, or ask whoever runs this chat.";

/** The errors after which a refresh token counts no more; all others may pass. RFC 6749, section 5.2. */
const ENDS: readonly string[] = ["invalid_grant", "invalid_client", "unauthorized_client"];

export class Oidc {
  readonly #config: ByRedirect;
  readonly #street: Street;
  readonly #client: oauth.Client;
  readonly #options: Options;
  #server: Promise<oauth.AuthorizationServer> | undefined;

  constructor(config: ByRedirect, street: Street) {
    this.#config = config;
    this.#street = street;
    this.#client = { client_id: config.clientId };
    this.#options = {
      [oauth.customFetch]: (url, init) => street.fetch(url, init),
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- its way to say: with care
      [oauth.allowInsecureRequests]: isOnThisMachine(config.issuer),
    };
  }

  /** The page to go to, and what to remember until the person is back. */
  async leave(back: string): Promise<[URL, Trip]> {
    const server = await this.#discovered();
    const verifier = oauth.generateRandomCodeVerifier();
    const trip = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      verifier,
    };
    const address = new URL(required(server.authorization_endpoint));
    const parameters = {
      ...this.#config.parameters,
      response_type: "code",
      client_id: this.#config.clientId,
      redirect_uri: back,
      scope: this.#config.scope,
      state: trip.state,
      nonce: trip.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return [address, trip];
  }

  /** The person is back at *address*: redeem the code that is in it. */
  async arrive(address: URL, trip: Trip | undefined, back: string): Promise<Arrival> {
    if (!trip) throw new Refusal(NOT_OURS);
    const server = await this.#discovered();
    const code = read(() => oauth.validateAuthResponse(server, this.#client, address, trip.state));
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      this.#client,
      oauth.None(),
      code,
      back,
      trip.verifier,
      this.#options,
    );
    const result = await oauth
      .processAuthorizationCodeResponse(server, this.#client, response, {
        ...(this.#wantsIdToken && { expectedNonce: trip.nonce }),
        requireIdToken: this.#config.token === "id",
      })
      .catch(refused);
    const tokens = this.#tokens(result);
    return { account: accountOf(oauth.getValidatedIdTokenClaims(result), tokens.token), tokens };
  }

  renew = async (refresh: string): Promise<Tokens> => {
    const server = await this.#discovered();
    const response = await oauth.refreshTokenGrantRequest(
      server,
      this.#client,
      oauth.None(),
      refresh,
      this.#options,
    );
    const result = await oauth
      .processRefreshTokenResponse(server, this.#client, response)
      .catch((error: unknown) => {
        throw ENDS.includes(said(error) ?? "") ? new Over() : error;
      });
    return this.#tokens(result);
  };

  /** Let the refresh token count no more, where the issuer takes that. */
  async revoke(refresh: string): Promise<void> {
    const server = await this.#discovered();
    if (server.revocation_endpoint === undefined) return;
    await oauth.revocationRequest(server, this.#client, oauth.None(), refresh, this.#options);
  }

  /** Where the issuer forgets the person too, and sends them *back*; undefined where it does not. */
  async goodbye(back: string): Promise<URL | undefined> {
    const { end_session_endpoint: endpoint } = await this.#discovered();
    if (endpoint === undefined) return undefined;
    const address = new URL(endpoint);
    address.searchParams.set("client_id", this.#config.clientId);
    address.searchParams.set("post_logout_redirect_uri", back);
    // Cognito has a name of its own for it.
    address.searchParams.set("logout_uri", back);
    return address;
  }

  get #wantsIdToken(): boolean {
    return this.#config.scope.split(" ").includes("openid");
  }

  #tokens(result: oauth.TokenEndpointResponse): Tokens {
    const isId = this.#config.token === "id";
    const token = isId ? result.id_token : result.access_token;
    if (token === undefined) throw new Over();
    const { exp } = claimsOf(token);
    const lifetime = (result.expires_in ?? 3_600) * 1_000;
    const expiresAt = exp === undefined ? this.#street.now() + lifetime : exp * 1_000;
    const { refresh_token: refresh } = result;
    return { token, expiresAt, ...(refresh !== undefined && { refresh }) };
  }

  /** Asked once; asked again after a failure. */
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

/** HTTP is for an issuer on this machine, of a test or of somebody who tries things out. */
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
  if (endpoint === undefined) throw new Refusal("The sign-in says nowhere to go.");
  return endpoint;
}

/** What the issuer answered in the address. */
function read<Value>(answer: () => Value): Value {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof oauth.AuthorizationResponseError)) throw new Refusal(NOT_OURS);
    const isDenied = error.error === "access_denied";
    throw new Refusal(
      isDenied
        ? "You have not been let in: the sign-in was cancelled, or you may not use this chat."
        : WRONG_THERE,
    );
  }
}

/** The error of the token endpoint, if it is one of OAuth's. */
function said(error: unknown): string | undefined {
  return error instanceof oauth.ResponseBodyError ? error.error : undefined;
}

/** A code is good once, for a while, and for whoever has its verifier: all else is not their doing. */
function refused(error: unknown): never {
  const name = said(error);
  if (name === undefined) throw error;
  throw new Refusal(name === "invalid_grant" ? NOT_OURS : WRONG_THERE);
}
