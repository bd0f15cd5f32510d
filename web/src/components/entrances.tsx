/** The ways into a room: open a new one, or join one by its address. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { ChatError } from "../../sdk/index.ts";
import { useChat, useServices } from "../services.ts";
import { forgetReading } from "../state/memory.ts";
import { hashOf, roomIdIn, suggestId } from "../state/route.ts";
import { isVisible, length, tidyName } from "../state/text.ts";
import { explain } from "../state/words.ts";
import { Field } from "./controls.tsx";
import { Dialog } from "./dialog.tsx";

interface Props {
  readonly onClose: () => void;
}

interface Problem {
  readonly field: "name" | "id" | "form";
  readonly text: string;
}

export function CreateRoom({ onClose }: Props): VNode {
  const [name, setName] = useState("");
  const [typedId, setTypedId] = useState<string>();
  const { create, isBusy, problem } = useCreate(onClose);
  const id = typedId ?? suggestId(name);
  return (
    <Dialog title="New room" onClose={onClose}>
      <form
        class="form"
        novalidate
        onSubmit={(event) => {
          event.preventDefault();
          void create(tidyName(name), id.trim());
        }}
      >
        <Field
          id="new-name"
          label="Name"
          value={name}
          onValue={setName}
          hint="What people see in their lists."
          error={problem?.field === "name" ? problem.text : undefined}
          input={{ placeholder: "Tea time" }}
        />
        <Field
          id="new-id"
          label="Address"
          value={id}
          onValue={setTypedId}
          hint="People join by it. Leave it empty for one that is hard to guess."
          error={problem?.field === "id" ? problem.text : undefined}
          input={{ placeholder: "tea-time", spellcheck: false, autocapitalize: "none", dir: "ltr" }}
        />
        {problem?.field === "form" && (
          <p class="hint error" role="alert">
            {problem.text}
          </p>
        )}
        <button type="submit" class="button primary wide" aria-disabled={isBusy}>
          {isBusy ? "Opening…" : "Open the room"}
        </button>
      </form>
    </Dialog>
  );
}

interface Create {
  readonly create: (name: string, id: string) => Promise<void>;
  readonly isBusy: boolean;
  readonly problem: Problem | undefined;
}

function useCreate(onClose: () => void): Create {
  const chat = useChat();
  const { store } = useServices();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const create = async (name: string, id: string): Promise<void> => {
    const wrong = problemOf(name, id, chat.limits?.nameLength ?? 64);
    setProblem(wrong);
    if (wrong || isBusy) return;
    setBusy(true);
    try {
      const room = await chat.createRoom({ ...(id && { roomId: id }), ...(name && { name }) });
      forgetReading(store, room.id);
      location.hash = hashOf({ view: "room", roomId: room.id });
      onClose();
    } catch (error) {
      const isTaken = error instanceof ChatError && error.code === "room_exists";
      setProblem({ field: isTaken ? "id" : "form", text: explain(error) });
      setBusy(false);
    }
  };
  return { create, isBusy, problem };
}

function problemOf(name: string, id: string, nameLength: number): Problem | undefined {
  if (!name && !id) return { field: "name", text: "Please type a name." };
  if (name && !isVisible(name)) return { field: "name", text: "Please type a name one can see." };
  if (length(name) > nameLength) {
    return { field: "name", text: `At most ${nameLength} characters, please.` };
  }
  return id && roomIdIn(id) !== id
    ? { field: "id", text: "Letters a to z, digits, _ and - only, at most 64." }
    : undefined;
}

export function JoinRoom({ onClose }: Props): VNode {
  const [typed, setTyped] = useState("");
  const [hasTried, setTried] = useState(false);
  const roomId = roomIdIn(typed);
  return (
    <Dialog title="Join a room" onClose={onClose}>
      <form
        class="form"
        novalidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (roomId === undefined) return;
          location.hash = hashOf({ view: "room", roomId });
          onClose();
        }}
      >
        <Field
          id="join-id"
          label="Address or link"
          value={typed}
          onValue={setTyped}
          hint="Such as tea-time, or the link that somebody sent you."
          error={hasTried && roomId === undefined ? "That is no room's address." : undefined}
          input={{ spellcheck: false, autocapitalize: "none", dir: "ltr" }}
        />
        <button type="submit" class="button primary wide">
          Join
        </button>
      </form>
    </Dialog>
  );
}
