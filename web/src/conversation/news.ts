/** Tells which messages have come in since one last looked at the rooms. */

import type { Message, Room } from "../../sdk/index.ts";

/** Remembers how far each room was seen. */
export class News {
  readonly #seen = new Map<string, { readonly room: Room; readonly seq: number }>();

  /** The others' messages that are new since the last call; none of a room's first page. */
  *since(rooms: Iterable<Room>, userId: string | undefined): Generator<[Room, Message]> {
    for (const room of rooms) {
      const last = room.messages.at(-1)?.seq ?? 0;
      const before = this.#seen.get(room.id);
      const isFresh = room.status === "joining" || before?.room !== room;
      const seen = isFresh ? last : before.seq;
      // The latest page of a room that could not be resumed is no news one by one, but its end is.
      const added = isFresh ? [] : room.messages.slice(-100).filter(({ seq }) => seq > seen);
      if (room.status !== "joining") this.#seen.set(room.id, { room, seq: last });
      for (const message of added) {
        if (message.sender.userId !== userId && message.text !== "") yield [room, message];
      }
    }
  }
}
