/** How users sign in, as `config.json` states it. */

/** The endpoints of an issuer whose discovery document is not used. */
export interface Endpoints {
  readonly authorization: string;
  readonly token: string;
  readonly revocation?: string;
  readonly endSession?: string;
}

/** A form on this page that calls Cognito's API. */
export interface CognitoConfig {
  readonly type: "cognito";
  readonly endpoint: string;
  readonly clientId: string;
}

/** The issuer's own pages, with the authorization code flow and PKCE. */
export interface OidcConfig {
  readonly type: "oidc";
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** The token of the issuer that the page sends to the chat. */
  readonly token: "access" | "id";
  readonly algorithms?: readonly string[];
  readonly endpoints?: Endpoints;
  /** Additional parameters of the authorization request. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export type SignInConfig = { readonly type: "guest" } | CognitoConfig | OidcConfig;

const REQUIRED_FIELDS: Readonly<Record<SignInConfig["type"], readonly string[]>> = {
  guest: [],
  cognito: ["endpoint", "clientId"],
  oidc: ["issuer", "clientId", "scope", "token"],
};

/** Return whether a value has a known type and the required fields of that type. */
export function isSignInConfig(value: unknown): value is SignInConfig {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Partial<Record<string, unknown>>;
  const type = fields.type;
  if (type !== "guest" && type !== "cognito" && type !== "oidc") return false;
  return REQUIRED_FIELDS[type].every((name) => typeof fields[name] === "string");
}
