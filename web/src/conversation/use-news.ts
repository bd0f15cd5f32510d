/** Reacts to new messages: announces them, shows notifications, counts them in the title. */

import { useEffect, useRef, useState } from "preact/hooks";

import type { Message, Room } from "../../sdk/index.ts";
import { useChat, useServices } from "../context.ts";
import { notificationState, notify } from "../lib/notifications.ts";
import { hashOf } from "../lib/route.ts";
import { lastRead } from "../rooms/room-memory.ts";
import { unreadIn } from "../rooms/unread.ts";
import { hasAttention, useStored } from "../ui/use-store.ts";
import { News, type Announcement } from "./news.ts";

const MAX_ANNOUNCEMENTS = 5;

/** Return the latest announcements of the room in view, and notify of messages in all rooms. */
export function useMessageNews(roomId: string | undefined): readonly Announcement[] {
  const chat = useChat();
  const { store, notifier } = useServices();
  const [announcements, setAnnouncements] = useState<readonly Announcement[]>([]);
  const shown = useRef(roomId);
  useEffect(() => {
    shown.current = roomId;
    setAnnouncements([]);
  }, [roomId]);
  useEffect(() => {
    const news = new News();
    const next = (): [Room, Message][] => [...news.since(chat.rooms.values(), chat.me?.userId)];
    next();
    return chat.subscribe(() => {
      const added = next();
      const here = added.filter(([room]) => room.id === shown.current).map(announcementOf);
      if (here.length > 0) {
        setAnnouncements((before) => [...before, ...here].slice(-MAX_ANNOUNCEMENTS));
      }
      if (!notifier || hasAttention() || notificationState(store, notifier) !== "on") return;
      for (const [room, message] of added) {
        notify(notifier, room, message, () => {
          location.hash = hashOf({ view: "room", roomId: room.id });
        });
      }
    });
  }, [chat, store, notifier]);
  useTitle(roomId);
  return announcements;
}

function announcementOf([, { seq, sender, text }]: [Room, Message]): Announcement {
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
