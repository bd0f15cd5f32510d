/** How people sign in, as config.json says. */

/** Where an issuer does what, if its discovery document is not to be asked. */
export interface Endpoints {
  readonly authorization: string;
  readonly token: string;
  readonly revocation?: string;
  readonly endSession?: string;
}

/** A form on the page, for Cognito's API. */
export interface ByForm {
  readonly type: "cognito";
  readonly endpoint: string;
  readonly clientId: string;
}

/** The issuer's own pages, by authorization code with PKCE. */
export interface ByRedirect {
  readonly type: "oidc";
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** Which of the issuer's tokens the chat is shown. */
  readonly token: "access" | "id";
  readonly algorithms?: readonly string[];
  readonly endpoints?: Endpoints;
  /** More to ask with. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export type SignIn = { readonly type: "guest" } | ByForm | ByRedirect;

const NEEDS: Readonly<Record<SignIn["type"], readonly string[]>> = {
  guest: [],
  cognito: ["endpoint", "clientId"],
  oidc: ["issuer", "clientId", "scope", "token"],
};

/** Whether config.json says all that is needed; without a word of it, people are guests. */
export function isSignIn(value: unknown): value is SignIn {
  if (typeof value !== "object" || value === null) return false;
  const said = value as Partial<Record<string, unknown>>;
  const type = said.type;
  if (type !== "guest" && type !== "cognito" && type !== "oidc") return false;
  return NEEDS[type].every((name) => typeof said[name] === "string");
}
