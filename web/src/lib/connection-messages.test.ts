import { expect, test } from "vitest";

import { ChatError, type ErrorCode } from "../../sdk/index.ts";
import page from "../../../docs/protocol.md?raw";
import { explain } from "./error-messages.ts";
import { inTime, situation, stateOf } from "./connection-messages.ts";

/** The codes in the protocol's table of errors. */
function codes(): ErrorCode[] {
  const table = page.slice(page.indexOf("## Errors"), page.indexOf("## Limits"));
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1] as ErrorCode);
}

test("every code of the protocol has words of its own", () => {
  const told = codes().map((code) => explain(new ChatError(code, "$.text: expected str")));

  expect(told.length).toBeGreaterThanOrEqual(10);
  expect(new Set(told).size).toBe(told.length);
  for (const words of told) expect(words).not.toMatch(/\$|expected|_/);
});

test("what is no error of the chat has words too", () => {
  expect(explain(new Error("x is undefined"))).toBe("Something went wrong. Try again.");
  expect(explain(new ChatError("timeout", ""))).toContain("no answer");
});

test("says when to try again", () => {
  expect(explain(new ChatError("rate_limited", "", 4_200))).toContain("in 5 s");
  expect(explain(new ChatError("rate_limited", ""))).toContain("in a moment");
  expect(explain(new ChatError("not_reviewed", "", 3_000))).toContain("in 3 s");
  expect(explain(new ChatError("forbidden", "", undefined, "no advertising"))).toContain(
    "refused it: no advertising",
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

test("tells a lost connection from one that never was", () => {
  expect(situation({ state: "waiting", retryAt: 5_000, reason: "lost" }, 1_000)).toBe(
    "Connection lost. Trying again in 4 s.",
  );
  expect(situation({ state: "waiting", retryAt: 1_000, reason: "unreachable" }, 1_000)).toBe(
    "No connection. Trying again now.",
  );
  expect(situation({ state: "waiting", retryAt: 60_000, reason: "cooldown" }, 1_000)).toBe(
    "Disconnected, for too much was sent too fast. Trying again in 59 s.",
  );
});

test.each(["waiting", "signedOut"] as const)(
  "who is not let in, and %s, reads why that may be, and when it is tried again",
  (state) => {
    const words = situation({ state, reason: "rejected", retryAt: 43_000 }, 1_000);

    expect(words).toContain("The chat does not let you in");
    for (const reason of ["overloaded", "too many places", "not be allowed here any more"]) {
      expect(words).toContain(reason);
    }
    expect(words).toContain("Trying again in 42 s.");
    expect(stateOf({ state, reason: "rejected", retryAt: 0 })).toBe("Not let in");
  },
);
