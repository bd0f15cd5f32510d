/** How far one has read, and where what is new begins. */

import { useEffect, useState, type Dispatch, type StateUpdater } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { useChat, useServices } from "../context.ts";
import { lastRead, markRead } from "../rooms/room-memory.ts";
import { unreadIn } from "../rooms/unread.ts";
import { useAttention } from "../ui/use-store.ts";

/** The seq after which messages are marked as new, if any are. */
export interface NewMark {
  readonly after: number | undefined;
  readonly mark: Dispatch<StateUpdater<number | undefined>>;
}

/** What was not read when the room was opened is new. */
export function useNewMark(room: Room): NewMark {
  const { me } = useChat();
  const { store } = useServices();
  const [after, mark] = useState(() => {
    const read = lastRead(store, room.id);
    return unreadIn(room, read, me?.userId).count > 0 ? read : undefined;
  });
  return { after, mark };
}

/** What is at the end of the list, in front of the person's eyes, is read. */
export function useReading(room: Room, isAtEnd: boolean, { mark }: NewMark): void {
  const chat = useChat();
  const { store } = useServices();
  const hasAttention = useAttention();
  const last = room.messages.at(-1)?.seq;
  const isReading = isAtEnd && hasAttention;

  useEffect(() => {
    // A room that was never seen has nothing new in it.
    const isFirstVisit = lastRead(store, room.id) === undefined && room.status === "joined";
    if (isReading || isFirstVisit) markRead(store, room.id, last ?? 0);
  }, [store, room.id, room.status, isReading, last]);
  useEffect(() => {
    if (isReading) return undefined;
    const seen = room.messages.at(-1)?.seq;
    mark((before) => (before !== undefined && hasAttention ? before : seen));
    return () => {
      // Back at the end: with nothing new below it, it would mark the next message for no reason.
      mark((after) =>
        after !== undefined && unreadIn(room, after, chat.me?.userId).count > 0 ? after : undefined,
      );
    };
  }, [room, chat, isReading, hasAttention, mark]);
}
