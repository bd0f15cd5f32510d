import { expect, test } from "vitest";

import type { Member } from "../../sdk/index.ts";
import { actionsOn, isMuted } from "./permissions.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const bob = (more: Partial<Member> = {}): Member => ({ userId: "bob", name: "Bob", ...more });
const muted = { mutedUntil: new Date(NOW + 1_000).toISOString() };

test.each([
  ["a user without a role", undefined, bob(), []],
  ["a user without a role", undefined, bob({ role: "owner" }), []],
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
  ["an owner", "owner", bob({ role: "owner" }), []],
  ["a moderator", "moderator", bob(muted), ["unmute", "kick", "ban"]],
] as const)("%s may take the actions that both roles allow", (_, own, target, actions) => {
  expect(actionsOn(own, target, NOW)).toEqual(actions);
});

test("a member is muted until the mute ends", () => {
  expect(isMuted(bob(muted), NOW)).toBe(true);
  expect(isMuted(bob(muted), NOW + 1_000)).toBe(false);
  expect(isMuted(bob(), NOW)).toBe(false);
});
