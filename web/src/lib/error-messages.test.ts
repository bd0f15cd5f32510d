import { expect, test } from "vitest";

import { ChatError } from "../../sdk/index.ts";
import { Excuse, explain } from "./error-messages.ts";

test.each([
  [new ChatError("forbidden", "", 90_000), "You are muted. You can write again in 2 min."],
  [new ChatError("forbidden", ""), "You may not do that here."],
  [new ChatError("forbidden", "", undefined, "No links."), "review refused it: No links."],
  [new ChatError("not_reviewed", "", 2_000), "could not be reviewed just now. Try again in 2 s."],
  [new ChatError("kicked", ""), "You have been put out of this room."],
  [new ChatError("banned", ""), "You have been banned from this room."],
  [new ChatError("deleted", ""), "This room has been deleted by its owner."],
])("%s is said in plain words", (error, words) => {
  expect(explain(error)).toContain(words);
  expect(explain(error)).not.toContain("undefined");
});

test.each([
  ["createRoom", "as many rooms as one may have"],
  ["joinRoom", "banned from this room, or in as many rooms"],
  ["inviteMember", "lift the ban first"],
  ["sendMessage", "review refused it"],
  ["kickMember", "You may not do that here."],
] as const)("what is forbidden of %s is told by that", (action, words) => {
  const error = new ChatError("forbidden", "", undefined, undefined, action);

  expect(explain(error)).toContain(words);
});

test("words that are for people are told, those of developers are not", () => {
  expect(explain(new Excuse("Choose another owner."))).toBe("Choose another owner.");
  expect(explain(new TypeError("x is undefined"))).toBe("Something went wrong. Try again.");
});
