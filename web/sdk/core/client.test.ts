/** The core alone: what it makes of answers that come on two connections. */

import { expect, test } from "vitest";
import { Client } from "./client.ts";
import type { Request } from "../protocol/parse.ts";
import type { Line } from "./connection.ts";
import { dice } from "../testing/clock.ts";
import { HOUR } from "../testing/world.ts";
import type { Message } from "../protocol/types.ts";

const sender = { userId: "bob", name: "Bob" };

function message(seq: number): Message {
  return { roomId: "tea", seq, sender, text: `text ${seq}`, sentAt: "" };
}

function start(): Client {
  const client = new Client({ now: () => 0, random: dice(1), changed: () => undefined });
  client.isRunning = true;
  client.wake(0);
  return client;
}

/** Open a line, say hello, and have its next request. */
function greet(client: Client, line: Line, now: number): Request | undefined {
  line.opened(now);
  const hello = client.nextFrame(line, now);
  const times = {
    serverTime: new Date(now).toISOString(),
    expiresAt: new Date(now + 2 * HOUR).toISOString(),
  };
  answer(client, line, { type: "welcome", ...sender, ...times }, hello, now);
  client.wake(now);
  return client.nextFrame(line, now);
}

function answer(
  client: Client,
  line: Line,
  reply: object,
  request: Request | undefined,
  now: number,
): void {
  const text = JSON.stringify({ ...reply, requestId: request?.requestId });
  client.received(line, text, now);
}

function joined(epoch: string, page: Message[], resumed = false, hasMore = true): object {
  const room = { roomId: "tea", name: "Tea", createdBy: "", createdAt: "", lastSeq: 9, epoch };
  const rest = { members: [], memberCount: 1, messages: page, hasMore, resumed };
  return { type: "roomJoined", room, ...rest };
}

test("an answer about a view that began anew since is no answer", () => {
  const client = start();
  const place = client.want("tea");
  const old = client.current!;
  answer(client, old, joined("old", [message(8), message(9)]), greet(client, old, 0), 0);
  place.loadOlder().catch(() => undefined);
  const late = client.nextFrame(old, 0);
  const now = 2 * HOUR - 60_000;
  old.asked!.deadline = Infinity;
  client.wake(now);
  const next = client.next!;
  answer(client, next, joined("new", [message(3)]), greet(client, next, now), now);

  const page = [message(6), message(7)];
  answer(client, old, { type: "history", roomId: "tea", messages: page, hasMore: true }, late, now);

  expect(late?.action).toBe("getHistory");
  expect(place.messages).toEqual([message(3)]);
  expect(place.hasDiscontinuity).toBe(true);
});

test("no request of a connection is under way beside another", () => {
  const client = start();
  const place = client.want("tea");
  const line = client.current!;
  answer(client, line, joined("old", [message(1)]), greet(client, line, 0), 0);
  place.send("one");
  place.send("two");

  expect(client.nextFrame(line, 0)).toMatchObject({ text: "one" });
  expect(client.nextFrame(line, 0)).toBeUndefined();
});
