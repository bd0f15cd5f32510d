/** Tracks the last read message and the mark of new messages. */

import { useEffect, useState, type Dispatch, type StateUpdater } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { useChat, useServices } from "../context.ts";
import { lastRead, markRead } from "../rooms/room-memory.ts";
import { unreadIn } from "../rooms/unread.ts";
import { useAttention } from "../ui/use-store.ts";

/** The seq after which messages are new. Undefined if there are no new messages. */
export interface NewMark {
  readonly after: number | undefined;
  readonly mark: Dispatch<StateUpdater<number | undefined>>;
}

/** Return the mark. Messages that were unread when the room was opened are new. */
export function useNewMark(room: Room): NewMark {
  const { me } = useChat();
  const { store } = useServices();
  const [after, mark] = useState(() => {
    const read = lastRead(store, room.id);
    return unreadIn(room, read, me?.userId).count > 0 ? read : undefined;
  });
  return { after, mark };
}

/** Mark messages as read while the end of the list is in view and the page has the focus. */
export function useReading(room: Room, isAtEnd: boolean, { mark }: NewMark): void {
  const chat = useChat();
  const { store } = useServices();
  const hasAttention = useAttention();
  const last = room.messages.at(-1)?.seq;
  const isReading = isAtEnd && hasAttention;

  useEffect(() => {
    // On the first visit of a room, nothing is new.
    const isFirstVisit = lastRead(store, room.id) === undefined && room.status === "joined";
    if (isReading || isFirstVisit) markRead(store, room.id, last ?? 0);
  }, [store, room.id, room.status, isReading, last]);
  useEffect(() => {
    if (isReading) return undefined;
    const seen = room.messages.at(-1)?.seq;
    mark((before) => (before !== undefined && hasAttention ? before : seen));
    return () => {
      // Remove a mark without new messages after it. It would mark the next message as new.
      mark((after) =>
        after !== undefined && unreadIn(room, after, chat.me?.userId).count > 0 ? after : undefined,
      );
    };
  }, [room, chat, isReading, hasAttention, mark]);
}
