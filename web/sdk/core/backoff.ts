/** How long to wait before trying again. */

const FIRST = 250;

/** Milliseconds: exponential backoff with full jitter, so that a crowd does not return as one. */
export function pause(failures: number, longest: number, random: number): number {
  return random * Math.min(longest, FIRST * 2 ** failures);
}
