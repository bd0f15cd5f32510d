import { expect, test } from "vitest";

import { ChatError } from "../../sdk/index.ts";
import { UserMessage, errorMessage } from "./error-messages.ts";

test.each([
  [new ChatError("forbidden", "", 90_000), "You are muted. You can write again in 2 min."],
  [new ChatError("forbidden", ""), "You are not allowed to do that here."],
  [new ChatError("forbidden", "", undefined, "No links."), "rejected by moderation: No links."],
  [new ChatError("not_reviewed", "", 2_000), "Moderation is not available. Try again in 2 s."],
  [new ChatError("kicked", ""), "You were removed from this room."],
  [new ChatError("banned", ""), "You were banned from this room."],
  [new ChatError("deleted", ""), "This room was deleted by its owner."],
])("%s has a message for the user", (error, words) => {
  expect(errorMessage(error)).toContain(words);
  expect(errorMessage(error)).not.toContain("undefined");
});

test.each([
  ["createRoom", "reached the room limit"],
  ["joinRoom", "banned from this room, or you've reached the room limit"],
  ["inviteMember", "unban them first"],
  ["sendMessage", "rejected by moderation"],
  ["kickMember", "You are not allowed to do that here."],
] as const)("the message of `forbidden` depends on the action: %s", (action, words) => {
  const error = new ChatError("forbidden", "", undefined, undefined, action);

  expect(errorMessage(error)).toContain(words);
});

test("a message for users is shown, a message for developers is not", () => {
  expect(errorMessage(new UserMessage("Choose another owner."))).toBe("Choose another owner.");
  expect(errorMessage(new TypeError("x is undefined"))).toBe("Something went wrong. Try again.");
});
