/** Finds the messages that arrived since the last call. */

import type { Message, Room } from "../../sdk/index.ts";

/** A message that screen readers announce. */
export interface Announcement {
  readonly key: string;
  readonly text: string;
}

/** Remembers the last message of each room. */
export class News {
  readonly #seen = new Map<string, { readonly room: Room; readonly seq: number }>();

  /** Yields the new messages of other users since the last call. A room's first page has none. */
  *since(rooms: Iterable<Room>, userId: string | undefined): Generator<[Room, Message]> {
    for (const room of rooms) {
      const last = room.messages.at(-1)?.seq ?? 0;
      const before = this.#seen.get(room.id);
      const isFresh = room.status === "joining" || before?.room !== room;
      const seen = isFresh ? last : before.seq;
      // After a reconnect, a whole page may be new. Only its last 100 messages count.
      const added = isFresh ? [] : room.messages.slice(-100).filter(({ seq }) => seq > seen);
      if (room.status !== "joining") this.#seen.set(room.id, { room, seq: last });
      for (const message of added) {
        if (message.sender.userId !== userId && message.text !== "") yield [room, message];
      }
    }
  }
}
