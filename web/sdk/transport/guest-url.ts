/** Who a guest is, as the URL of the connection says. */

import { ChatError } from "../errors.ts";

const NAME_LENGTH = 64;
const BREAKS_NAMES = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Persian spelling, and emoji of several parts, need these. */
const JOINERS = /[\u200c\u200d]/g;
/** Leaves a mark on the screen; some letters and symbols are blank. */
const IS_SEEN = /[^\p{C}\p{M}\p{Z}\u115f\u1160\u2800\u3164\uffa0]/u;

export function address(url: string, name: string | undefined, key: string): string {
  const query = new URLSearchParams({ ...(name && { name }), key });
  return `${url}?${query.toString()}`;
}

/** Why the server would refuse the handshake, of which a browser cannot tell the reason. */
export function refusal(name: string | undefined, key: string | undefined): ChatError | undefined {
  if (name?.trim() && !isName(name.trim())) {
    return new ChatError("bad_request", "name: expected 1 to 64 visible characters in one line");
  }
  if (key !== undefined && !/^[A-Za-z0-9._~-]{16,128}$/.test(key)) {
    return new ChatError("bad_request", "key: expected 16 to 128 of A-Z a-z 0-9 . _ ~ -");
  }
  return undefined;
}

function isName(name: string): boolean {
  const isShort = Array.from(name).length <= NAME_LENGTH;
  return isShort && IS_SEEN.test(name) && !BREAKS_NAMES.test(name.replace(JOINERS, ""));
}
