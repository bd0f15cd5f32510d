/** The phases of a room, without a client. */

import { expect, test } from "vitest";
import { ChatError } from "../errors.ts";
import { LiveRoom, type Phase } from "./room.ts";

const ERROR = new ChatError("forbidden", "no");
const JOINING: Phase = { kind: "joining", mustVerifyCreator: false };
const DISPUTED: Phase = { kind: "joining", mustVerifyCreator: true };
const CREATING: Phase = { kind: "creating", name: "Tea", attempts: 1 };
const JOINED: Phase = { kind: "joined" };
const LEAVING: Phase = { kind: "leaving", forGood: false, mustVerifyCreator: false };
const LEAVING_FOR_GOOD: Phase = { kind: "leaving", forGood: true, mustVerifyCreator: false };
const FAILED: Phase = { kind: "failed", error: ERROR };

/** Return a room in *phase*. Its connection has joined it if *isIn*. */
function roomIn(phase: Phase, isIn = false): LiveRoom {
  const room = new LiveRoom("tea", {
    me: undefined,
    now: () => 0,
    newId: () => "id",
    localTime: Date.parse,
    hasJoined: () => isIn,
    changed: () => undefined,
    call: () => Promise.reject(ERROR),
    removeRoom: () => undefined,
  });
  room.phase = phase;
  return room;
}

test.each<[Phase, boolean, Phase]>([
  [CREATING, false, CREATING],
  [JOINING, false, JOINING],
  [DISPUTED, false, DISPUTED],
  [JOINED, true, JOINED],
  [LEAVING, true, JOINED],
  [LEAVING, false, JOINING],
  [LEAVING_FOR_GOOD, true, JOINED],
  [{ ...LEAVING, mustVerifyCreator: true }, true, DISPUTED],
  [FAILED, false, JOINING],
])("want: from %j, in the room %s, to %j", (from, isIn, to) => {
  const room = roomIn(from, isIn);

  room.want();

  expect(room.phase).toEqual(to);
});

test.each<[Phase, Phase]>([
  [CREATING, JOINED],
  [JOINING, JOINED],
  [DISPUTED, JOINED],
  [LEAVING, LEAVING],
  [FAILED, FAILED],
])("onJoined: from %j to %j", (from, to) => {
  const room = roomIn(from);

  room.onJoined(0);

  expect(room.phase).toEqual(to);
});

test.each<[Phase, Phase]>([
  [LEAVING_FOR_GOOD, JOINED],
  [JOINED, JOINED],
  [FAILED, FAILED],
])("a forbidden leave: from %j to %j", (from, to) => {
  const room = roomIn(from);

  room.onLeaveForbidden(ERROR);

  expect(room.phase).toEqual(to);
});

test.each<[Phase, Phase]>([
  [LEAVING_FOR_GOOD, LEAVING],
  [JOINED, JOINED],
])("leaveHereOnly: from %j to %j", (from, to) => {
  const room = roomIn(from);

  room.leaveHereOnly();

  expect(room.phase).toEqual(to);
});

test.each<[Phase, boolean]>([
  [CREATING, true],
  [JOINING, true],
  [JOINED, true],
  [LEAVING, false],
  [LEAVING_FOR_GOOD, true],
  [FAILED, false],
])("isWanted: in %j is %s", (phase, expected) => {
  expect(roomIn(phase).isWanted).toBe(expected);
});

test("is wanted while it is left and has unsent messages", () => {
  const room = roomIn(LEAVING);

  room.send("goodbye");

  expect(room.isWanted).toBe(true);
});

test("fails its messages and promises together with itself", async () => {
  const room = roomIn(JOINING);
  const joined = room.whenJoined.add(0);
  const left = room.whenLeft.add(0);
  room.send("hello");

  room.fail(ERROR);

  await expect(joined).rejects.toBe(ERROR);
  await expect(left).resolves.toBeUndefined();
  expect(room.outgoing).toMatchObject([{ state: "failed", error: ERROR }]);
  expect(room.status).toBe("failed");
});
