/** The view of one room: header, messages, composer and members. */

import type { RefObject, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { ChatError, type Room } from "../../sdk/index.ts";
import { useChat, useServices, type User } from "../context.ts";
import { removalReason } from "../rooms/room-memory.ts";
import { Notices } from "../ui/connection-notice.tsx";
import { Waiting } from "../ui/controls.tsx";
import { Lazy } from "../ui/lazy-part.tsx";
import { useMedia } from "../ui/use-store.ts";
import { Composer } from "./composer.tsx";
import { Header } from "./header.tsx";
import { MessageList, type MessageListHandle } from "./message-list.tsx";

interface ConversationProps {
  readonly roomId: string;
  readonly user: User;
}

export function Conversation({ roomId, user }: ConversationProps): VNode {
  const chat = useChat();
  const room = chat.rooms.get(roomId);
  const isWide = useMedia("(min-width: 70rem)");
  const [hasColumn, setColumn] = useState(true);
  const [hasDrawer, setDrawer] = useState(false);
  const main = useInitialFocus();
  const isShowing = isWide ? hasColumn : hasDrawer;

  return (
    <>
      <main id="main" class="conversation" ref={main} tabIndex={-1} aria-labelledby="heading">
        <Header
          roomId={roomId}
          room={room}
          isShowingMembers={isShowing}
          onMembers={() => {
            (isWide ? setColumn : setDrawer)(!isShowing);
          }}
        />
        <Notices>
          {room?.hasDiscontinuity && (
            <Lazy>{(parts) => <parts.DiscontinuityNotice room={room} />}</Lazy>
          )}
        </Notices>
        <Content room={room} roomId={roomId} user={user} />
      </main>
      {isWide && hasColumn && !room?.error && <MembersColumn room={room} />}
      {!isWide && hasDrawer && room && (
        <Lazy>
          {(parts) => (
            <parts.MembersDrawer
              room={room}
              onClose={() => {
                setDrawer(false);
              }}
            />
          )}
        </Lazy>
      )}
    </>
  );
}

interface ContentProps extends ConversationProps {
  readonly room: Room | undefined;
}

function Content({ room, roomId, user }: ContentProps): VNode {
  const list = useRef<MessageListHandle>(null);
  const { store } = useServices();
  const removed = room ? undefined : removalReason(store, roomId);
  const error = room?.error ?? (removed && new ChatError(removed, "at the last visit"));
  if (error) return <Lazy>{(parts) => <parts.RoomError roomId={roomId} error={error} />}</Lazy>;
  if (!room || room.status === "joining" || room.status === "left") {
    return (
      <div class="centre">
        <Waiting label="Joining the room…" />
      </div>
    );
  }
  return (
    <>
      <MessageList room={room} user={user} handle={list} />
      <Composer room={room} onSent={() => list.current?.toEnd()} />
    </>
  );
}

/** The members beside the conversation. The list is in the lazy chunk, its space is here at once. */
function MembersColumn({ room }: { readonly room: Room | undefined }): VNode {
  return (
    <aside class="members" aria-label="People in this room">
      <h2>
        People <span class="count">{room?.memberCount.toLocaleString()}</span>
      </h2>
      {room && <Lazy>{(parts) => <parts.MemberList room={room} />}</Lazy>}
    </aside>
  );
}

/** Focus the conversation, so that a user who came by a link or a key continues there. */
function useInitialFocus(): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
  }, []);
  return main;
}
