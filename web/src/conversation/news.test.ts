import { expect, test } from "vitest";

import type { Message, Room } from "../../sdk/index.ts";
import { message } from "../testing/messages.ts";
import { News } from "./news.ts";

interface Changing {
  id: string;
  status: Room["status"];
  messages: readonly Message[];
}

function newSeqs(news: News, room: Changing): number[] {
  return [...news.since([room as Room], "alice")].map(([, { seq }]) => seq);
}

test("new messages of others are reported once, earlier messages are not", () => {
  const news = new News();
  const room: Changing = { id: "tea", status: "joining", messages: [] };
  expect(newSeqs(news, room)).toEqual([]);

  room.status = "joined";
  room.messages = [message(1, "bob")];
  expect(newSeqs(news, room)).toEqual([]);

  room.messages = [...room.messages, message(2, "alice"), message(3, "bob")];
  expect(newSeqs(news, room)).toEqual([3]);
  expect(newSeqs(news, room)).toEqual([]);
});

test("messages missed during a reconnect are reported, older history is not", () => {
  const news = new News();
  const room: Changing = { id: "tea", status: "joined", messages: [message(5, "bob")] };
  newSeqs(news, room);

  room.status = "rejoining";
  expect(newSeqs(news, room)).toEqual([]);
  room.status = "joined";
  room.messages = [message(3, "bob"), message(4, "eve"), message(5, "bob"), message(6, "eve")];
  expect(newSeqs(news, room)).toEqual([6]);
});
