/** What a token says, for the page's own use: whether it is true is the server's to see. */

export interface Claims {
  readonly sub?: string;
  readonly exp?: number;
  readonly username?: string;
}

/** The claims of a JWT; none where it is no such thing. */
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
