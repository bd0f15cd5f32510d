import { expect, test } from "vitest";

import type { Member } from "../../sdk/index.ts";
import { deedsOn, isMuted } from "./permissions.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const bob = (more: Partial<Member> = {}): Member => ({ userId: "bob", name: "Bob", ...more });
const muted = { mutedUntil: new Date(NOW + 1_000).toISOString() };

test.each([
  ["nobody", undefined, bob(), []],
  ["nobody", undefined, bob({ role: "owner" }), []],
  ["a moderator", "moderator", bob(), ["mute", "kick", "ban"]],
  ["a moderator", "moderator", bob({ role: "moderator" }), []],
  ["a moderator", "moderator", bob({ role: "owner" }), []],
  ["an owner", "owner", bob(), ["makeModerator", "makeOwner", "mute", "kick", "ban"]],
  [
    "an owner",
    "owner",
    bob({ role: "moderator" }),
    ["makeOwner", "makeMember", "mute", "kick", "ban"],
  ],
  ["an owner", "owner", bob({ role: "owner" }), ["makeModerator", "makeMember"]],
  ["a moderator", "moderator", bob(muted), ["unmute", "kick", "ban"]],
] as const)("%s may do to somebody of a role what that role allows", (_, mine, target, deeds) => {
  expect(deedsOn(mine, target, NOW)).toEqual(deeds);
});

test("somebody is muted until the time is over", () => {
  expect(isMuted(bob(muted), NOW)).toBe(true);
  expect(isMuted(bob(muted), NOW + 1_000)).toBe(false);
  expect(isMuted(bob(), NOW)).toBe(false);
});
