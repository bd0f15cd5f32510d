/** The three columns: rooms, conversation, members; one at a time on a phone. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { useChanges, useRoute } from "./ui/use-store.ts";
import { Later, useDeskSoon } from "./ui/lazy-part.tsx";
import { useNews } from "./conversation/use-news.ts";
import { useChat, useServices } from "./context.ts";
import { inviteTo } from "./rooms/invite-links.ts";
import { wasRemoved } from "./rooms/room-memory.ts";
import type { Person } from "./lib/avatar.ts";
import { roomInView } from "./rooms/sync-rooms.ts";
import { hashOf } from "./lib/route.ts";
import { Announcer } from "./conversation/announcer.tsx";
import { Conversation } from "./conversation/conversation.tsx";
import { Lobby } from "./rooms/lobby.tsx";
import { Sidebar } from "./rooms/sidebar.tsx";

/** Which dialog is open. */
export type Asking = "create" | "join";

export function Shell({ guest }: { readonly guest: Person }): VNode {
  const chat = useChat();
  const { store } = useServices();
  const route = useRoute();
  const [asking, setAsking] = useState<Asking>();
  useChanges(chat);
  const roomId = route.view === "room" ? route.roomId : undefined;
  const spoken = useNews(roomId);
  useEffect(() => {
    // A link to a room is a wish to be in it.
    if (roomId === undefined || roomId !== roomInView()) return;
    const status = chat.rooms.get(roomId)?.status ?? "left";
    const invite = inviteTo(store, roomId);
    const isOutside = status === "left" || status === "failed";
    if (invite !== undefined && isOutside) chat.resume([{ roomId, invite }]);
    else if (status === "left" && !wasRemoved(store, roomId)) chat.resume([{ roomId }]);
  });
  useDeskSoon();

  useReturn(roomId);

  const close = (): void => {
    setAsking(undefined);
  };
  return (
    <div class="shell" data-view={route.view}>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the conversation
      </a>
      <Sidebar guest={guest} roomId={roomId} onAsk={setAsking} />
      {roomId === undefined ? (
        <Lobby onAsk={setAsking} />
      ) : (
        <Conversation key={roomId} roomId={roomId} guest={guest} />
      )}
      <Announcer lines={spoken} />
      {asking === "create" && <Later>{(desk) => <desk.CreateRoom onClose={close} />}</Later>}
      {asking === "join" && <Later>{(desk) => <desk.JoinRoom onClose={close} />}</Later>}
    </div>
  );
}

/** Whoever comes back from a room goes on at its place in the list. */
function useReturn(roomId: string | undefined): void {
  const before = useRef(roomId);
  useEffect(() => {
    const left = before.current;
    before.current = roomId;
    if (left === undefined || roomId !== undefined) return;
    const href = hashOf({ view: "room", roomId: left });
    const place =
      document.querySelector<HTMLElement>(`.rooms a[href="${href}"]`) ??
      document.querySelector<HTMLElement>(".rooms button");
    place?.focus({ preventScroll: true });
  }, [roomId]);
}

/** The address is the room's: the link moves the focus, and leaves the address alone. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
