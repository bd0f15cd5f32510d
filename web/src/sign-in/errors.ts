/** Errors of the sign-in, and their messages for the user. */

/** The issuer rejected the sign-in. The message is for the user. */
export class SignInError extends Error {}

/** The session has expired: the refresh token is no longer valid. */
export class SessionExpired extends Error {}

/** Return the message for the user. */
export function signInMessage(error: unknown): string {
  if (error instanceof SignInError) return error.message;
  return "The sign-in service could not be reached. Check your connection and try again.";
}
