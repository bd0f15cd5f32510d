/** The field for a message: Enter sends it, Shift and Enter break the line. */

import type { RefObject, TargetedKeyboardEvent, VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { useMedia } from "../ui/use-store.ts";
import { Lazy } from "../ui/lazy-part.tsx";
import { useChat, useServices } from "../context.ts";
import { draftOf, saveDraft } from "../rooms/room-memory.ts";
import { length, sendable } from "../lib/text.ts";
import { Icon } from "../ui/icons.tsx";

/** The limit of texts until the server has sent its own. */
const DEFAULT_TEXT_LENGTH = 4_000;

/** The part of the limit below which the remaining characters are shown. */
const NEAR_LIMIT = 0.1;

/** Milliseconds after the last input until the draft is stored. */
const SAVE_DELAY = 300;

interface ComposerProps {
  readonly room: Room;
  readonly onSent: () => void;
}

export function Composer({ room, onSent }: ComposerProps): VNode {
  const { limits } = useChat();
  const [typed, setTyped] = useDraft(room.id);
  const field = useGrowing(typed);
  useFirstFocus(field);
  const limit = limits?.textLength ?? DEFAULT_TEXT_LENGTH;
  const text = useMemo(() => sendable(typed), [typed]);
  const left = limit - length(text);
  const { mutedUntil } = room;
  const isMuted = mutedUntil !== undefined;
  const canSend = left >= 0 && text !== "" && !isMuted;

  const send = (): void => {
    if (canSend) {
      room.send(text);
      setTyped("");
      onSent();
    }
    field.current?.focus();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="composer-box" data-over={left < 0}>
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          enterkeyhint="send"
          placeholder={isMuted ? "You are muted" : "Write a message"}
          readOnly={isMuted}
          aria-label={`Message to ${room.name}`}
          aria-describedby="left"
          aria-invalid={left < 0}
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (!isEnter(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="send" aria-label="Send" title="Send" aria-disabled={!canSend}>
          <Icon name="send" />
        </button>
      </div>
      <ComposerStatus left={left} limit={limit} mutedUntil={mutedUntil} />
    </form>
  );
}

interface ComposerStatusProps {
  /** The characters that can still be typed. */
  readonly left: number;
  readonly limit: number;
  readonly mutedUntil: number | undefined;
}

function ComposerStatus({ left, limit, mutedUntil }: ComposerStatusProps): VNode {
  const isMuted = mutedUntil !== undefined;
  return (
    <p id="left" class="characters-left" role="status" data-over={left < 0} data-muted={isMuted}>
      {isMuted ? (
        <Lazy>{(parts) => <parts.MutedNotice until={mutedUntil} />}</Lazy>
      ) : (
        left <= limit * NEAR_LIMIT && remaining(left)
      )}
    </p>
  );
}

/** Return whether the key is Enter alone, and does not end the composition of a character (IME). */
function isEnter(event: TargetedKeyboardEvent<HTMLTextAreaElement>): boolean {
  // Safari ends the composition before it fires the event. Only this number identifies that case.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way to detect it
  const isComposing = event.isComposing || event.keyCode === 229;
  const isAlone = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
  return event.key === "Enter" && isAlone && !isComposing;
}

function remaining(left: number): string {
  return left < 0
    ? `${(-left).toLocaleString()} characters too many`
    : `${left.toLocaleString()} characters left`;
}

/** Return the text in the field, stored as the draft of the room. */
function useDraft(roomId: string): [string, (typed: string) => void] {
  const { store } = useServices();
  const [typed, setTyped] = useState(() => draftOf(store, roomId));
  const latest = useRef(typed);
  latest.current = typed;
  useEffect(() => {
    const timer = setTimeout(() => {
      saveDraft(store, roomId, typed);
    }, SAVE_DELAY);
    return () => {
      clearTimeout(timer);
    };
  }, [store, roomId, typed]);
  useEffect(() => {
    const save = (): void => {
      saveDraft(store, roomId, latest.current);
    };
    window.addEventListener("pagehide", save);
    return () => {
      window.removeEventListener("pagehide", save);
      save();
    };
  }, [store, roomId]);
  return [typed, setTyped];
}

/** Make the field as high as its text, up to the maximum in the style sheet. */
function useGrowing(typed: string): RefObject<HTMLTextAreaElement | null> {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [typed]);
  return field;
}

/** Focus the field. Not on a touch screen, where that would open the keyboard. */
function useFirstFocus(field: RefObject<HTMLTextAreaElement | null>): void {
  const isTouch = useMedia("(pointer: coarse)");
  useEffect(() => {
    if (!isTouch) field.current?.focus();
  }, [field, isTouch]);
}
