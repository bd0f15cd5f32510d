import { expect, test } from "vitest";

import type { Message, Room } from "../../sdk/index.ts";
import { message } from "../testing/messages.ts";
import { News } from "./news.ts";

interface Changing {
  id: string;
  status: Room["status"];
  messages: readonly Message[];
}

function tell(news: News, room: Changing): number[] {
  return [...news.since([room as Room], "alice")].map(([, { seq }]) => seq);
}

test("tells of what others say, once, and not of what was there before", () => {
  const news = new News();
  const room: Changing = { id: "tea", status: "joining", messages: [] };
  expect(tell(news, room)).toEqual([]);

  room.status = "joined";
  room.messages = [message(1, "bob")];
  expect(tell(news, room)).toEqual([]);

  room.messages = [...room.messages, message(2, "alice"), message(3, "bob")];
  expect(tell(news, room)).toEqual([3]);
  expect(tell(news, room)).toEqual([]);
});

test("what was missed while the connection was lost is news; older history is not", () => {
  const news = new News();
  const room: Changing = { id: "tea", status: "joined", messages: [message(5, "bob")] };
  tell(news, room);

  room.status = "rejoining";
  expect(tell(news, room)).toEqual([]);
  room.status = "joined";
  room.messages = [message(3, "bob"), message(4, "eve"), message(5, "bob"), message(6, "eve")];
  expect(tell(news, room)).toEqual([6]);
});
