/** The view of a room that the user cannot join, with the possible next steps. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Chat, ChatError } from "../../sdk/index.ts";
import { useChat, useServices } from "../context.ts";
import { forgetReading, forgetRoom, rememberedRooms } from "../rooms/room-memory.ts";
import { hashOf } from "../lib/route.ts";
import { errorMessage } from "../lib/error-messages.ts";
import { EmptyState } from "../ui/controls.tsx";

const TITLES: Readonly<Partial<Record<ChatError["code"], string>>> = {
  room_not_found: "There is no such room",
  kicked: "You were removed from this room",
  banned: "You are banned from this room",
  deleted: "This room was deleted",
};

/** Return whether an id belongs to a private room. Users cannot choose an id with this prefix. */
function isPrivate(roomId: string): boolean {
  return roomId.startsWith("private-");
}

interface RoomErrorProps {
  readonly roomId: string;
  readonly error: ChatError;
}

export function RoomError({ roomId, error }: RoomErrorProps): VNode {
  const chat = useChat();
  const { store } = useServices();
  const isRemembered = rememberedRooms(store).some((room) => room.roomId === roomId);
  const mayRetry = mayJoin(chat, roomId, error);
  return (
    <EmptyState icon="warning" title={TITLES[error.code] ?? "You are not in this room"} isAlert>
      <p>
        {error.code === "room_not_found" ? <Missing roomId={roomId} /> : errorMessage(error)}
        {error.code === "kicked" &&
          (mayRetry ? " You can rejoin." : " To rejoin, you need a new invite.")}
      </p>
      <p class="actions">
        {error.code === "room_not_found" && !isPrivate(roomId) && <CreateNow roomId={roomId} />}
        {mayRetry && (
          <button
            type="button"
            class="button"
            onClick={() => {
              chat.resume([{ roomId }]);
            }}
          >
            {error.code === "kicked" ? "Rejoin" : "Try again"}
          </button>
        )}
        {isRemembered && (
          <button
            type="button"
            class="button"
            onClick={() => {
              location.hash = hashOf({ view: "rooms" });
              forgetRoom(store, roomId);
            }}
          >
            Remove from my list
          </button>
        )}
      </p>
    </EmptyState>
  );
}

/** Return whether another attempt may succeed. */
function mayJoin(chat: Chat, roomId: string, { code }: ChatError): boolean {
  if (code !== "kicked" || !isPrivate(roomId)) return code !== "deleted";
  // A removed user can rejoin if the room was made public, which keeps its id, or with an invitation.
  const isOpen = chat.rooms.get(roomId)?.visibility === "public";
  return isOpen || chat.invitations.some((invitation) => invitation.roomId === roomId);
}

function Missing({ roomId }: { readonly roomId: string }): VNode {
  return (
    <>
      {isPrivate(roomId) ? (
        "It is private and you are not a member, or it was deleted."
      ) : (
        <>
          No room <b>{roomId}</b> was created yet, or it was deleted.
        </>
      )}{" "}
      The link may have a typing error, or its invite may be used up, expired or revoked. Ask for a
      new link.
    </>
  );
}

function CreateNow({ roomId }: { readonly roomId: string }): VNode {
  const chat = useChat();
  const { store } = useServices();
  const [problem, setProblem] = useState<string>();
  const create = async (): Promise<void> => {
    try {
      forgetReading(store, roomId);
      await chat.createRoom({ roomId });
    } catch (error) {
      setProblem(errorMessage(error));
    }
  };
  return (
    <>
      {problem !== undefined && <span class="hint error">{problem}</span>}
      <button
        type="button"
        class="button primary"
        onClick={() => {
          void create();
        }}
      >
        Create it now
      </button>
    </>
  );
}
