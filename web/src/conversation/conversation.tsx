/** One room: its head, what was said, where one says something, and who is there. */

import type { RefObject, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { ChatError, type Room } from "../../sdk/index.ts";
import { useMedia } from "../ui/use-store.ts";
import { Later } from "../ui/lazy-part.tsx";
import { useChat, useServices } from "../context.ts";
import { wasRemoved } from "../rooms/room-memory.ts";
import type { Person } from "../lib/avatar.ts";
import { Composer } from "./composer.tsx";
import { Notes } from "../ui/connection-notice.tsx";
import { Waiting } from "../ui/controls.tsx";
import { Head } from "./header.tsx";
import { Members } from "./members-column.tsx";
import { Messages, type MessagesHandle } from "./message-list.tsx";

interface ConversationProps {
  readonly roomId: string;
  readonly guest: Person;
}

export function Conversation({ roomId, guest }: ConversationProps): VNode {
  const chat = useChat();
  const room = chat.rooms.get(roomId);
  const isWide = useMedia("(min-width: 70rem)");
  const [hasColumn, setColumn] = useState(true);
  const [hasDrawer, setDrawer] = useState(false);
  const main = useArrival();
  const isShowing = isWide ? hasColumn : hasDrawer;

  return (
    <>
      <main id="main" class="conversation" ref={main} tabIndex={-1} aria-labelledby="heading">
        <Head
          roomId={roomId}
          room={room}
          isShowingMembers={isShowing}
          onMembers={() => {
            (isWide ? setColumn : setDrawer)(!isShowing);
          }}
        />
        <Notes room={room} />
        <Inside room={room} roomId={roomId} guest={guest} />
      </main>
      {isWide && hasColumn && !room?.error && <Members room={room} />}
      {!isWide && hasDrawer && room && (
        <Later>
          {(desk) => (
            <desk.MembersDrawer
              room={room}
              onClose={() => {
                setDrawer(false);
              }}
            />
          )}
        </Later>
      )}
    </>
  );
}

interface InsideProps extends ConversationProps {
  readonly room: Room | undefined;
}

function Inside({ room, roomId, guest }: InsideProps): VNode {
  const list = useRef<MessagesHandle>(null);
  const { store } = useServices();
  const removed = room ? undefined : wasRemoved(store, roomId);
  const error = room?.error ?? (removed && new ChatError(removed, "at the last visit"));
  if (error) return <Later>{(desk) => <desk.Failed roomId={roomId} error={error} />}</Later>;
  if (!room || room.status === "joining" || room.status === "left") {
    return (
      <div class="centre">
        <Waiting label="Opening the room…" />
      </div>
    );
  }
  return (
    <>
      <Messages room={room} guest={guest} handle={list} />
      <Composer room={room} onSent={() => list.current?.toEnd()} />
    </>
  );
}

/** Whoever comes into a room by a link or a key press goes on from there. */
function useArrival(): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
  }, []);
  return main;
}
