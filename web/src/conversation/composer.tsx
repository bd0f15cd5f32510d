/** Where one says something: Enter sends, Shift and Enter break the line. */

import type { RefObject, TargetedKeyboardEvent, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { useMedia } from "../ui/use-store.ts";
import { Later } from "../ui/lazy-part.tsx";
import { useChat, useServices } from "../context.ts";
import { draftOf, keepDraft } from "../rooms/room-memory.ts";
import { length, sendable } from "../lib/text.ts";
import { Icon } from "../ui/icons.tsx";

/** What the server accepts by default, until it has said what it does accept. */
const TEXT_LENGTH = 4_000;

/** The rest is shown when so much of the limit is left. */
const NEAR_LIMIT = 0.1;

const KEPT_AFTER = 300;

interface ComposerProps {
  readonly room: Room;
  readonly onSent: () => void;
}

export function Composer({ room, onSent }: ComposerProps): VNode {
  const { limits } = useChat();
  const [typed, setTyped] = useDraft(room.id);
  const field = useGrowing(typed);
  useFirstFocus(field);
  const limit = limits?.textLength ?? TEXT_LENGTH;
  const left = limit - length(sendable(typed));
  const { mutedUntil } = room;
  const isMuted = mutedUntil !== undefined;
  const canSend = left >= 0 && sendable(typed) !== "" && !isMuted;

  const send = (): void => {
    if (canSend) {
      room.send(sendable(typed));
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
      <p id="left" class="left" role="status" data-over={left < 0} data-muted={isMuted}>
        {isMuted ? (
          <Later>{(desk) => <desk.Muted until={mutedUntil} />}</Later>
        ) : (
          left <= limit * NEAR_LIMIT && inWords(left)
        )}
      </p>
    </form>
  );
}

/** Enter alone; the one that ends the composition of a character (IME) is none. */
function isEnter(event: TargetedKeyboardEvent<HTMLTextAreaElement>): boolean {
  // Safari ends the composition before it tells of the key, and nothing but this number says so.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other sign
  const isComposing = event.isComposing || event.keyCode === 229;
  const isAlone = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
  return event.key === "Enter" && isAlone && !isComposing;
}

function inWords(left: number): string {
  return left < 0
    ? `${(-left).toLocaleString()} characters too many`
    : `${left.toLocaleString()} characters left`;
}

/** What is typed, kept for this room while one is elsewhere. */
function useDraft(roomId: string): [string, (typed: string) => void] {
  const { store } = useServices();
  const [typed, setTyped] = useState(() => draftOf(store, roomId));
  const latest = useRef(typed);
  latest.current = typed;
  useEffect(() => {
    const timer = setTimeout(() => {
      keepDraft(store, roomId, typed);
    }, KEPT_AFTER);
    return () => {
      clearTimeout(timer);
    };
  }, [store, roomId, typed]);
  useEffect(() => {
    const keep = (): void => {
      keepDraft(store, roomId, latest.current);
    };
    window.addEventListener("pagehide", keep);
    return () => {
      window.removeEventListener("pagehide", keep);
      keep();
    };
  }, [store, roomId]);
  return [typed, setTyped];
}

/** As high as its text; the style sheet says how high at most. */
function useGrowing(typed: string): RefObject<HTMLTextAreaElement | null> {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [typed]);
  return field;
}

/** Ready to type; on a touch screen that would bring up the keyboard unasked. */
function useFirstFocus(field: RefObject<HTMLTextAreaElement | null>): void {
  const isTouch = useMedia("(pointer: coarse)");
  useEffect(() => {
    if (!isTouch) field.current?.focus();
  }, [field, isTouch]);
}
