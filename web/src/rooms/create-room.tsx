/** The dialog that creates a room. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { ChatError, isRoomId, isVisible, NAME_LENGTH, type Visibility } from "../../sdk/index.ts";
import { useChat, useServices } from "../context.ts";
import { errorMessage } from "../lib/error-messages.ts";
import { hashOf } from "../lib/route.ts";
import { length, tidyName } from "../lib/text.ts";
import { Field } from "../ui/controls.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useIsShown } from "../ui/use-action.ts";
import { suggestId } from "./room-address.ts";
import { forgetReading } from "./room-memory.ts";

interface CreateRoomProps {
  readonly onClose: () => void;
}

interface Problem {
  readonly field: "name" | "id" | "form";
  readonly text: string;
}

export function CreateRoom({ onClose }: CreateRoomProps): VNode {
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
          hint="Shown in everyone's room list."
          error={problem?.field === "name" ? problem.text : undefined}
          input={{ placeholder: "Tea time" }}
        />
        <VisibilityChoice value={visibility} onValue={setVisibility} />
        {visibility === "public" && (
          <Field
            id="new-id"
            label="Room link"
            value={id}
            onValue={setTypedId}
            hint="Part of the link that people use to join. Leave it empty for a random one."
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
          {isBusy ? "Creating…" : "Create room"}
        </button>
      </form>
    </Dialog>
  );
}

const CHOICES = [
  ["public", "Public", "Anyone can find and join it."],
  ["private", "Private", "Only people you invite can see it."],
] as const;

interface VisibilityChoiceProps {
  readonly value: Visibility;
  readonly onValue: (value: Visibility) => void;
}

function VisibilityChoice({ value, onValue }: VisibilityChoiceProps): VNode {
  return (
    <fieldset class="visibility-choice">
      <legend>Who can join?</legend>
      {CHOICES.map(([visibility, label, hint]) => (
        <label key={visibility}>
          <input
            type="radio"
            name="visibility"
            aria-label={label}
            aria-describedby={`visibility-${visibility}`}
            checked={value === visibility}
            onChange={() => {
              onValue(visibility);
            }}
          />
          <span>
            {label}
            <span class="hint" id={`visibility-${visibility}`}>
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
  const isShown = useIsShown();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const create = async (name: string, typedId: string, visibility: Visibility): Promise<void> => {
    const id = visibility === "private" ? "" : typedId;
    const found = problemOf(name, id, chat.limits?.nameLength ?? NAME_LENGTH);
    setProblem(found);
    if (found || isBusy) return;
    setBusy(true);
    try {
      const named = { ...(id && { roomId: id }), ...(name && { name }) };
      const room = await chat.createRoom({ ...named, visibility });
      forgetReading(store, room.id);
      if (!isShown.current) return;
      location.hash = hashOf({ view: "room", roomId: room.id });
      onClose();
    } catch (error) {
      const isTaken = error instanceof ChatError && error.code === "room_exists";
      setProblem({ field: isTaken ? "id" : "form", text: errorMessage(error) });
      setBusy(false);
    }
  };
  return { create, isBusy, problem };
}

function problemOf(name: string, id: string, nameLength: number): Problem | undefined {
  if (!name && !id) return { field: "name", text: "Please enter a name." };
  if (name && !isVisible(name)) return { field: "name", text: "Please enter a visible name." };
  if (length(name) > nameLength) {
    return { field: "name", text: `Please use at most ${nameLength} characters.` };
  }
  return id && !isRoomId(id)
    ? { field: "id", text: "Use only a to z, digits, _ and -, and at most 64 characters." }
    : undefined;
}
