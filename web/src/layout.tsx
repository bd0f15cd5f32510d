/** The three columns: rooms, conversation and members. A phone shows one of them at a time. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { useChat, useServices, type User } from "./context.ts";
import { Announcer } from "./conversation/announcer.tsx";
import { Conversation } from "./conversation/conversation.tsx";
import { useMessageNews } from "./conversation/use-news.ts";
import { hashOf } from "./lib/route.ts";
import { inviteTo } from "./rooms/invite-links.ts";
import { Lobby } from "./rooms/lobby.tsx";
import type { NewRoomDialog } from "./rooms/room-dialogs.ts";
import { removalReason } from "./rooms/room-memory.ts";
import { Sidebar } from "./rooms/sidebar.tsx";
import { roomInView } from "./rooms/sync-rooms.ts";
import { Lazy, usePreloadLazyParts } from "./ui/lazy-part.tsx";
import { useRoute, useSubscription } from "./ui/use-store.ts";

export function Layout({ user }: { readonly user: User }): VNode {
  const chat = useChat();
  const route = useRoute();
  const [dialog, setDialog] = useState<NewRoomDialog>();
  useSubscription(chat);
  const roomId = route.view === "room" ? route.roomId : undefined;
  const announcements = useMessageNews(roomId);
  useJoinRoomInView(roomId);
  usePreloadLazyParts();
  useReturnFocus(roomId);

  const close = (): void => {
    setDialog(undefined);
  };
  return (
    <div class="layout" data-view={route.view}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the conversation
      </a>
      <Sidebar user={user} roomId={roomId} onOpen={setDialog} />
      {roomId === undefined ? (
        <Lobby onOpen={setDialog} />
      ) : (
        <Conversation key={roomId} roomId={roomId} user={user} />
      )}
      <Announcer announcements={announcements} />
      {dialog === "create" && <Lazy>{(parts) => <parts.CreateRoom onClose={close} />}</Lazy>}
      {dialog === "join" && <Lazy>{(parts) => <parts.JoinRoom onClose={close} />}</Lazy>}
    </div>
  );
}

/** Join the room in the address if the user is not in it. A link to a room asks for that. */
function useJoinRoomInView(roomId: string | undefined): void {
  const chat = useChat();
  const { store } = useServices();
  useEffect(() => {
    if (roomId === undefined || roomId !== roomInView()) return;
    const status = chat.rooms.get(roomId)?.status ?? "left";
    const invite = inviteTo(store, roomId);
    const isOutside = status === "left" || status === "failed";
    if (invite !== undefined && isOutside) chat.resume([{ roomId, invite }]);
    else if (status === "left" && !removalReason(store, roomId)) chat.resume([{ roomId }]);
  });
}

/** Focus the link of a room in the list of rooms when the user comes back from that room. */
function useReturnFocus(roomId: string | undefined): void {
  const before = useRef(roomId);
  useEffect(() => {
    const left = before.current;
    before.current = roomId;
    if (left === undefined || roomId !== undefined) return;
    const href = hashOf({ view: "room", roomId: left });
    const target =
      document.querySelector<HTMLElement>(`.rooms a[href="${href}"]`) ??
      document.querySelector<HTMLElement>(".rooms button");
    target?.focus({ preventScroll: true });
  }, [roomId]);
}

/** Move the focus and leave the address as it is, because the address names the room. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
