/** The sign-in chunk: creates the provider that the configuration names. */

import type { AuthProvider, BrowserPort } from "../lib/auth-provider.ts";
import type { CognitoConfig, OidcConfig } from "../lib/sign-in-config.ts";
import { CognitoProvider } from "./cognito-provider.tsx";
import { OidcProvider } from "./redirect-provider.tsx";

export function createAuthProvider(
  signIn: CognitoConfig | OidcConfig,
  browser: BrowserPort,
): AuthProvider {
  return signIn.type === "cognito"
    ? new CognitoProvider(signIn, browser)
    : new OidcProvider(signIn, browser);
}
