/** What happens when somebody says something: it is announced, notified, counted in the title. */

import { useEffect, useRef, useState } from "preact/hooks";

import type { Message, Room } from "../../sdk/index.ts";
import type { Line } from "./announcer.tsx";
import { useChat, useServices } from "../context.ts";
import { lastRead } from "../rooms/room-memory.ts";
import { News } from "./news.ts";
import { notify, notifying } from "../lib/notifications.ts";
import { hashOf } from "../lib/route.ts";
import { unreadIn } from "../rooms/unread.ts";
import { hasAttention, useStored } from "../ui/use-store.ts";

const LINES = 5;

/** Follow the news of all rooms; the last lines of the room in view, to be read out. */
export function useNews(roomId: string | undefined): readonly Line[] {
  const chat = useChat();
  const { store, notifier } = useServices();
  const [lines, setLines] = useState<readonly Line[]>([]);
  const shown = useRef(roomId);
  useEffect(() => {
    shown.current = roomId;
    setLines([]);
  }, [roomId]);
  useEffect(() => {
    const news = new News();
    const tell = (): [Room, Message][] => [...news.since(chat.rooms.values(), chat.me?.userId)];
    tell();
    return chat.subscribe(() => {
      const told = tell();
      const here = told.filter(([room]) => room.id === shown.current).map(lineOf);
      if (here.length > 0) setLines((before) => [...before, ...here].slice(-LINES));
      if (!notifier || hasAttention() || notifying(store, notifier) !== "on") return;
      for (const [room, message] of told) {
        notify(notifier, room, message, () => {
          location.hash = hashOf({ view: "room", roomId: room.id });
        });
      }
    });
  }, [chat, store, notifier]);
  useTitle(roomId);
  return lines;
}

function lineOf([, { seq, sender, text }]: [Room, Message]): Line {
  return { key: String(seq), text: `${sender.name}: ${text}` };
}

function useTitle(roomId: string | undefined): void {
  const chat = useChat();
  const unread = useStored((store) =>
    [...chat.rooms.values()]
      .map((room) => unreadIn(room, lastRead(store, room.id), chat.me?.userId).count)
      .reduce((sum, count) => sum + count, 0),
  );
  const name = roomId === undefined ? undefined : (chat.rooms.get(roomId)?.name ?? roomId);
  useEffect(() => {
    const count = unread > 0 ? `(${unread}) ` : "";
    document.title = `${count}${name === undefined ? "" : `${name} · `}Live Chat`;
  }, [unread, name]);
}
