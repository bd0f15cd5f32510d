/** The URL of a guest's connection, and the rules for a guest's name and key. */

import { ChatError } from "../errors.ts";
import { isName } from "../protocol/names.ts";

export function guestUrl(url: string, name: string | undefined, key: string): string {
  const query = new URLSearchParams({ ...(name && { name }), key });
  return `${url}?${query.toString()}`;
}

/** Return why the server would reject this guest, because a browser does not report the reason. */
export function guestError(
  name: string | undefined,
  key: string | undefined,
): ChatError | undefined {
  if (name?.trim() && !isName(name.trim())) {
    return new ChatError("bad_request", "name: expected 1 to 64 visible characters in one line");
  }
  if (key !== undefined && !/^[A-Za-z0-9._~-]{16,128}$/.test(key)) {
    return new ChatError("bad_request", "key: expected 16 to 128 of A-Z a-z 0-9 . _ ~ -");
  }
  return undefined;
}
