/** The client without a shell: which replies it applies, on two connections. */

import { expect, test } from "vitest";
import type { Request } from "../protocol/parse.ts";
import type { Message } from "../protocol/types.ts";
import { seededRandom } from "../testing/clock.ts";
import { HOUR } from "../testing/simulation.ts";
import { Client } from "./client.ts";
import type { Connection } from "./connection.ts";
import { ClientState } from "./state.ts";

const sender = { userId: "bob", name: "Bob" };

function message(seq: number): Message {
  return { roomId: "tea", seq, sender, text: `text ${seq}`, sentAt: "" };
}

function start(): [Client, ClientState] {
  const state = new ClientState({
    now: () => 0,
    random: seededRandom(1),
    changed: () => undefined,
  });
  const client = new Client(state);
  state.isRunning = true;
  client.wake(0);
  return [client, state];
}

/** Open a connection, exchange hello and welcome, and return its next request. */
function greet(client: Client, connection: Connection, now: number): Request | undefined {
  connection.onOpen(now);
  const hello = client.nextFrame(connection, now);
  const times = {
    serverTime: new Date(now).toISOString(),
    expiresAt: new Date(now + 2 * HOUR).toISOString(),
  };
  answer(client, connection, { type: "welcome", ...sender, ...times }, hello, now);
  client.wake(now);
  return client.nextFrame(connection, now);
}

function answer(
  client: Client,
  connection: Connection,
  reply: object,
  request: Request | undefined,
  now: number,
): void {
  const text = JSON.stringify({ ...reply, requestId: request?.requestId });
  client.received(connection, text, now);
}

function joined(epoch: string, page: Message[], resumed = false, hasMore = true): object {
  const room = { roomId: "tea", name: "Tea", createdBy: "", createdAt: "", lastSeq: 9, epoch };
  const rest = { members: [], memberCount: 1, messages: page, hasMore, resumed };
  return { type: "roomJoined", room, ...rest };
}

test("ignores the reply to a request of an earlier generation of the timeline", () => {
  const [client, state] = start();
  const room = state.want("tea");
  const old = state.current!;
  answer(client, old, joined("old", [message(8), message(9)]), greet(client, old, 0), 0);
  room.loadOlder().catch(() => undefined);
  const late = client.nextFrame(old, 0);
  const now = 2 * HOUR - 60_000;
  old.pending!.deadline = Infinity;
  client.wake(now);
  const next = state.next!;
  answer(client, next, joined("new", [message(3)]), greet(client, next, now), now);

  const page = [message(6), message(7)];
  answer(client, old, { type: "history", roomId: "tea", messages: page, hasMore: true }, late, now);

  expect(late?.action).toBe("getHistory");
  expect(room.messages).toEqual([message(3)]);
  expect(room.hasDiscontinuity).toBe(true);
});

test("sends one request at a time on each connection", () => {
  const [client, state] = start();
  const room = state.want("tea");
  const connection = state.current!;
  answer(client, connection, joined("old", [message(1)]), greet(client, connection, 0), 0);
  room.send("one");
  room.send("two");

  expect(client.nextFrame(connection, 0)).toMatchObject({ text: "one" });
  expect(client.nextFrame(connection, 0)).toBeUndefined();
});
