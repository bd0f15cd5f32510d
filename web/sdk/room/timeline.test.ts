/** The order, duplicates and gaps of one room's messages. */

import { expect, test } from "vitest";
import type { Message } from "../protocol/types.ts";
import { GAP_TIMEOUT, Timeline } from "./timeline.ts";

function message(seq: number, more: Partial<Message> = {}): Message {
  const sender = { userId: "alice", name: "Alice" };
  return { roomId: "tea", seq, sender, text: `text ${seq}`, sentAt: "", ...more };
}

function opened(...seqs: number[]): Timeline {
  const timeline = new Timeline();
  timeline.reset(
    "epoch",
    seqs.map((seq) => message(seq)),
    false,
    0,
  );
  return timeline;
}

function shown(timeline: Timeline): number[] {
  return timeline.messages.map(({ seq }) => seq);
}

test("sorts by seq and ignores duplicates", () => {
  const timeline = opened(1);

  for (const seq of [3, 2, 3, 2, 1]) timeline.add(message(seq), 0);

  expect(shown(timeline)).toEqual([1, 2, 3]);
});

test("waits for a missing seq and reports until when", () => {
  const timeline = opened(1);

  timeline.add(message(3), 100);
  timeline.add(message(4), 900);

  expect(shown(timeline)).toEqual([1]);
  expect(timeline.gapDeadline).toBe(100 + GAP_TIMEOUT);
});

test("skips the seqs that history leaves out", () => {
  const timeline = opened(1);
  timeline.add(message(5), 0);

  timeline.append([message(3), message(5)], 50);

  expect(shown(timeline)).toEqual([1, 3, 5]);
  expect(timeline.gapDeadline).toBe(Infinity);
});

test("waits again for a gap above the end of a page", () => {
  const timeline = opened(1);
  timeline.add(message(9), 0);

  timeline.append([message(2), message(3)], 50);

  expect(shown(timeline)).toEqual([1, 2, 3]);
  expect(timeline.gapDeadline).toBe(50 + GAP_TIMEOUT);
});

test("keeps a push that arrives before the first page", () => {
  const timeline = new Timeline();

  timeline.add(message(3), 0);
  timeline.reset("epoch", [message(1), message(2)], false, 0);

  expect(shown(timeline)).toEqual([1, 2, 3]);
});

test("drops waiting messages on a disconnect", () => {
  const timeline = opened(1);
  timeline.add(message(3), 0);

  timeline.dropWaiting();

  timeline.add(message(2), 0);
  expect(shown(timeline)).toEqual([1, 2]);
});

test("puts an older page before the shown messages", () => {
  const timeline = new Timeline();
  timeline.reset("epoch", [message(5), message(6)], true, 0);

  timeline.prepend([message(3), message(4)], true);
  timeline.prepend([message(1)], false);

  expect(shown(timeline)).toEqual([1, 3, 4, 5, 6]);
  expect(timeline.hasOlder).toBe(false);
});

test("returns a new array after a change and the same array otherwise", () => {
  const timeline = opened(1);
  const before = timeline.messages;

  timeline.add(message(1), 0);
  expect(timeline.messages).toBe(before);

  timeline.add(message(2), 0);
  expect(timeline.messages).not.toBe(before);
});
