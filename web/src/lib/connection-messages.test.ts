import { expect, test } from "vitest";

import { ChatError, type ErrorCode } from "../../sdk/index.ts";
import page from "../../../docs/protocol.md?raw";
import { errorMessage } from "./error-messages.ts";
import { connectionLabel, connectionMessage, inTime } from "./connection-messages.ts";

/** Return the codes in the table of errors of the protocol's documentation. */
function codes(): ErrorCode[] {
  const table = page.slice(page.indexOf("## Errors"), page.indexOf("## Limits"));
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1] as ErrorCode);
}

test("every code of the protocol has its own message", () => {
  const messages = codes().map((code) => errorMessage(new ChatError(code, "$.text: expected str")));

  expect(messages.length).toBeGreaterThanOrEqual(10);
  expect(new Set(messages).size).toBe(messages.length);
  for (const message of messages) expect(message).not.toMatch(/\$|expected|_/);
});

test("other errors have a message, too", () => {
  expect(errorMessage(new Error("x is undefined"))).toBe("Something went wrong. Try again.");
  expect(errorMessage(new ChatError("timeout", ""))).toContain("did not reply");
});

test("a message contains the time of the next attempt", () => {
  expect(errorMessage(new ChatError("rate_limited", "", 4_200))).toContain("in 5 s");
  expect(errorMessage(new ChatError("rate_limited", ""))).toContain("in a moment");
  expect(errorMessage(new ChatError("not_reviewed", "", 3_000))).toContain("in 3 s");
  expect(errorMessage(new ChatError("forbidden", "", undefined, "no advertising"))).toContain(
    "rejected by moderation: no advertising",
  );
});

test.each([
  [undefined, "in a moment"],
  [-1, "now"],
  [1_001, "in 2 s"],
  [90_000, "in 2 min"],
])("%j milliseconds are %j", (milliseconds, words) => {
  expect(inTime(milliseconds)).toBe(words);
});

test("distinguishes a lost connection, an unreachable chat and a cooldown", () => {
  expect(connectionMessage({ state: "waiting", retryAt: 5_000, reason: "lost" }, 1_000)).toBe(
    "Connection lost. Trying again in 4 s.",
  );
  expect(
    connectionMessage({ state: "waiting", retryAt: 1_000, reason: "unreachable" }, 1_000),
  ).toBe("No connection. Trying again now.");
  expect(connectionMessage({ state: "waiting", retryAt: 60_000, reason: "cooldown" }, 1_000)).toBe(
    "Disconnected: you sent too many messages. Trying again in 59 s.",
  );
});

test.each(["waiting", "signedOut"] as const)(
  "a rejected user in state %s reads possible reasons and the time of the next attempt",
  (state) => {
    const words = connectionMessage({ state, reason: "rejected", retryAt: 43_000 }, 1_000);

    expect(words).toContain("Can't connect");
    for (const reason of ["overloaded", "too many places", "lost access"]) {
      expect(words).toContain(reason);
    }
    expect(words).toContain("Trying again in 42 s.");
    expect(connectionLabel({ state, reason: "rejected", retryAt: 0 })).toBe("Access denied");
  },
);
