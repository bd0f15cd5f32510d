/** A room that one cannot be in, and what to do about it. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import type { Chat, ChatError } from "../../sdk/index.ts";
import { useChat, useServices } from "../context.ts";
import { forgetReading, forgetRoom, rememberedRooms } from "../rooms/room-memory.ts";
import { hashOf } from "../lib/route.ts";
import { explain } from "../lib/error-messages.ts";
import { Blank } from "../ui/controls.tsx";

const TITLES: Readonly<Partial<Record<ChatError["code"], string>>> = {
  room_not_found: "There is no such room",
  kicked: "You have been put out",
  banned: "You are banned from this room",
  deleted: "This room is no more",
};

/** The ids of private rooms begin so: nobody can open a room under one. */
function isPrivate(roomId: string): boolean {
  return roomId.startsWith("private-");
}

interface FailedProps {
  readonly roomId: string;
  readonly error: ChatError;
}

export function Failed({ roomId, error }: FailedProps): VNode {
  const chat = useChat();
  const { store } = useServices();
  const isRemembered = rememberedRooms(store).some((room) => room.roomId === roomId);
  const mayReturn = mayEnter(chat, roomId, error);
  return (
    <Blank icon="warning" title={TITLES[error.code] ?? "Not in the room"} isAlert>
      <p>
        {error.code === "room_not_found" ? <Missing roomId={roomId} /> : explain(error)}
        {error.code === "kicked" &&
          (mayReturn ? " You can come back." : " To come back you need a new invite.")}
      </p>
      <p class="actions">
        {error.code === "room_not_found" && !isPrivate(roomId) && <OpenIt roomId={roomId} />}
        {mayReturn && (
          <button
            type="button"
            class="button"
            onClick={() => {
              chat.resume([{ roomId }]);
            }}
          >
            {error.code === "kicked" ? "Come back" : "Try again"}
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
            Remove it from my list
          </button>
        )}
      </p>
    </Blank>
  );
}

/** Whether another try may help: to who was put out of a private room it does not exist. */
function mayEnter(chat: Chat, roomId: string, { code }: ChatError): boolean {
  if (code !== "kicked" || !isPrivate(roomId)) return code !== "deleted";
  // One that was made public keeps its id; and who was put out may be invited again.
  const isOpen = chat.rooms.get(roomId)?.visibility === "public";
  return isOpen || chat.invitations.some((invitation) => invitation.roomId === roomId);
}

function Missing({ roomId }: { readonly roomId: string }): VNode {
  return (
    <>
      {isPrivate(roomId) ? (
        "It is private and you are not a member, or it is gone."
      ) : (
        <>
          Nobody has opened <b>{roomId}</b> yet, or it is gone.
        </>
      )}{" "}
      Perhaps the link has a typing error, or the invite in it is used up or too old: ask for a new
      one.
    </>
  );
}

function OpenIt({ roomId }: { readonly roomId: string }): VNode {
  const chat = useChat();
  const { store } = useServices();
  const [problem, setProblem] = useState<string>();
  const open = async (): Promise<void> => {
    try {
      forgetReading(store, roomId);
      await chat.createRoom({ roomId });
    } catch (error) {
      setProblem(explain(error));
    }
  };
  return (
    <>
      {problem !== undefined && <span class="hint error">{problem}</span>}
      <button
        type="button"
        class="button primary"
        onClick={() => {
          void open();
        }}
      >
        Open it now
      </button>
    </>
  );
}
