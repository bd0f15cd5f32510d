/** One room's messages: in order, once, without gaps. */

import { expect, test } from "vitest";
import type { Message } from "../protocol/types.ts";
import { PATIENCE, View } from "./timeline.ts";

function message(seq: number, more: Partial<Message> = {}): Message {
  const sender = { userId: "alice", name: "Alice" };
  return { roomId: "tea", seq, sender, text: `text ${seq}`, sentAt: "", ...more };
}

function opened(...seqs: number[]): View {
  const view = new View();
  view.open(
    "epoch",
    seqs.map((seq) => message(seq)),
    false,
    0,
  );
  return view;
}

function shown(view: View): number[] {
  return view.messages.map(({ seq }) => seq);
}

test("sorts by seq, and drops what it has", () => {
  const view = opened(1);

  for (const seq of [3, 2, 3, 2, 1]) view.offer(message(seq), 0);

  expect(shown(view)).toEqual([1, 2, 3]);
});

test("waits for what is missing, and says until when", () => {
  const view = opened(1);

  view.offer(message(3), 100);
  view.offer(message(4), 900);

  expect(shown(view)).toEqual([1]);
  expect(view.gapEnds).toBe(100 + PATIENCE);
});

test("takes what history leaves out as what never was", () => {
  const view = opened(1);
  view.offer(message(5), 0);

  view.settle([message(3), message(5)], 50);

  expect(shown(view)).toEqual([1, 3, 5]);
  expect(view.gapEnds).toBe(Infinity);
});

test("goes on waiting for a gap above the page that history ended with", () => {
  const view = opened(1);
  view.offer(message(9), 0);

  view.settle([message(2), message(3)], 50);

  expect(shown(view)).toEqual([1, 2, 3]);
  expect(view.gapEnds).toBe(50 + PATIENCE);
});

test("keeps a push that overtakes the reply it belongs after", () => {
  const view = new View();

  view.offer(message(3), 0);
  view.open("epoch", [message(1), message(2)], false, 0);

  expect(shown(view)).toEqual([1, 2, 3]);
});

test("forgets what waits when the connection is gone", () => {
  const view = opened(1);
  view.offer(message(3), 0);

  view.cut();

  view.offer(message(2), 0);
  expect(shown(view)).toEqual([1, 2]);
});

test("puts an older page before what is shown", () => {
  const view = new View();
  view.open("epoch", [message(5), message(6)], true, 0);

  view.extend([message(3), message(4)], true);
  view.extend([message(1)], false);

  expect(shown(view)).toEqual([1, 3, 4, 5, 6]);
  expect(view.hasOlder).toBe(false);
});

test("is a new array when it has changed, and the same when not", () => {
  const view = opened(1);
  const before = view.messages;

  view.offer(message(1), 0);
  expect(view.messages).toBe(before);

  view.offer(message(2), 0);
  expect(view.messages).not.toBe(before);
});
