/** Why somebody could not sign in, in plain words. */

/** The issuer says no, for a reason that a person can do something about. */
export class Refusal extends Error {}

/** The sign-in that was to be renewed is over. */
export class Over extends Error {}

/** What to tell a person. */
export function wordsFor(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  return "The sign-in could not be reached. Check your connection and try again.";
}
