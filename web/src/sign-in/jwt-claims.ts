/** Reads the claims of a token without verifying it. The server verifies it. */

export interface Claims {
  readonly sub?: string;
  readonly exp?: number;
  readonly username?: string;
}

/** Return the claims of a JWT, or no claims if the token is not a JWT. */
export function claimsOf(token: string): Claims {
  try {
    const part = token.split(".")[1] ?? "";
    const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (byte) =>
      byte.charCodeAt(0),
    );
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
