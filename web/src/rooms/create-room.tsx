/** The ways into a room: open a new one, or join one by its address. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { ChatError, type Visibility } from "../../sdk/index.ts";
import { useChat, useServices } from "../context.ts";
import { forgetReading } from "./room-memory.ts";
import { hashOf } from "../lib/route.ts";
import { isRoomId, roomIn, suggestId } from "./room-address.ts";
import { isVisible, length, tidyName } from "../lib/text.ts";
import { explain } from "../lib/error-messages.ts";
import { Field } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Directory } from "./directory.tsx";

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
  const [visibility, setVisibility] = useState<Visibility>("public");
  const { create, isBusy, problem } = useCreate(onClose);
  const id = typedId ?? suggestId(name);
  return (
    <Dialog title="New room" onClose={onClose}>
      <form
        class="form"
        novalidate
        onSubmit={(event) => {
          event.preventDefault();
          void create(tidyName(name), id.trim(), visibility);
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
        <Choice value={visibility} onValue={setVisibility} />
        {visibility === "public" && (
          <Field
            id="new-id"
            label="Address"
            value={id}
            onValue={setTypedId}
            hint="People join by it. Leave it empty for one that is hard to guess."
            error={problem?.field === "id" ? problem.text : undefined}
            input={{
              placeholder: "tea-time",
              spellcheck: false,
              autocapitalize: "none",
              dir: "ltr",
            }}
          />
        )}
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

const KINDS = [
  ["public", "Public", "Listed, and open to everybody."],
  ["private", "Private", "Known only to those whom you invite."],
] as const;

interface ChoiceProps {
  readonly value: Visibility;
  readonly onValue: (value: Visibility) => void;
}

/** Who the room is for. */
function Choice({ value, onValue }: ChoiceProps): VNode {
  return (
    <fieldset class="kinds">
      <legend>Who is it for?</legend>
      {KINDS.map(([kind, label, hint]) => (
        <label key={kind}>
          <input
            type="radio"
            name="kind"
            aria-label={label}
            aria-describedby={`kind-${kind}`}
            checked={value === kind}
            onChange={() => {
              onValue(kind);
            }}
          />
          <span>
            {label}
            <span class="hint" id={`kind-${kind}`}>
              {hint}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

interface Create {
  readonly create: (name: string, id: string, visibility: Visibility) => Promise<void>;
  readonly isBusy: boolean;
  readonly problem: Problem | undefined;
}

function useCreate(onClose: () => void): Create {
  const chat = useChat();
  const { store } = useServices();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const create = async (name: string, typedId: string, visibility: Visibility): Promise<void> => {
    const id = visibility === "private" ? "" : typedId;
    const wrong = problemOf(name, id, chat.limits?.nameLength ?? 64);
    setProblem(wrong);
    if (wrong || isBusy) return;
    setBusy(true);
    try {
      const named = { ...(id && { roomId: id }), ...(name && { name }) };
      const room = await chat.createRoom({ ...named, visibility });
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
  return id && !isRoomId(id)
    ? { field: "id", text: "Letters a to z, digits, _ and - only, at most 64." }
    : undefined;
}

export function JoinRoom({ onClose }: Props): VNode {
  const [typed, setTyped] = useState("");
  const [hasTried, setTried] = useState(false);
  const route = roomIn(typed);
  return (
    <Dialog title="Join a room" onClose={onClose}>
      <form
        class="form"
        novalidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!route) return;
          location.hash = hashOf(route);
          onClose();
        }}
      >
        <Field
          id="join-id"
          label="Address or link"
          value={typed}
          onValue={setTyped}
          hint="Such as tea-time, or the link that somebody sent you."
          error={hasTried && !route ? "That is no room's address." : undefined}
          input={{ spellcheck: false, autocapitalize: "none", dir: "ltr" }}
        />
        <button type="submit" class="button primary wide">
          Join
        </button>
      </form>
      <Directory onChosen={onClose} />
    </Dialog>
  );
}
