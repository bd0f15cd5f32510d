/** One message, with what comes before it: a day, the mark of what is new, its author. */

import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { Later } from "../ui/lazy-part.tsx";
import { clockTime, dayName, fullTime } from "../lib/dates.ts";
import { linkify } from "./linkify.ts";
import { colourOf } from "../lib/avatar.ts";
import type { Row } from "./message-rows.ts";
import { isJumbo } from "../lib/text.ts";
import { Avatar, IconButton, Name } from "../ui/controls.tsx";
import { Icon } from "../ui/icons.tsx";

/** Milliseconds that a message is young: it moves in, while one that is scrolled into view stands. */
const ARRIVING = 1_500;

interface MessageProps {
  readonly row: Row;
  readonly room: Room;
  readonly now: number;
  /** Asks whether to delete it; undefined where one may not. */
  readonly onDelete: ((row: Row) => void) | undefined;
}

/** Drawn again only when it has changed, not with every step of the scroll bar. */
export function MessageRow({ row, room, now, onDelete }: MessageProps): VNode {
  return useMemo(() => <Drawn {...{ row, room, now, onDelete }} />, [row, room, now, onDelete]);
}

function Drawn({ row, room, now, onDelete }: MessageProps): VNode {
  const { author, isOwn, at, opensGroup, closesGroup } = row;
  const [isArriving] = useState(() => Date.now() - at < ARRIVING);
  return (
    <>
      {row.opensDay && (
        <h3 class="day">
          <span>{dayName(at, now)}</span>
        </h3>
      )}
      {row.isFirstNew && (
        <p class="fresh">
          <span>New messages</span>
        </p>
      )}
      <article
        class="message"
        data-own={isOwn}
        data-arriving={isArriving}
        data-opens={opensGroup}
        data-closes={closesGroup}
        data-state={row.state}
      >
        {!isOwn && closesGroup && <Avatar member={author} />}
        {opensGroup && (
          <header class="message-head" data-colour={colourOf(author.userId)}>
            {isOwn ? <span class="unseen">You</span> : <Name>{author.name}</Name>}
            <Time at={at} />
          </header>
        )}
        <div class="message-line">
          {row.text === "" ? <Tombstone /> : <Body text={row.text} />}
          {!opensGroup && <Time at={at} />}
          {onDelete && row.text !== "" && (
            <IconButton
              icon="bin"
              label="Delete this message"
              onClick={() => {
                onDelete(row);
              }}
            />
          )}
        </div>
        {row.state !== "stored" && <Delivery row={row} room={room} />}
      </article>
    </>
  );
}

function Time({ at }: { readonly at: number }): VNode {
  return (
    <time class="message-time" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {clockTime(at)}
    </time>
  );
}

/** What is left of a message that was taken back. */
function Tombstone(): VNode {
  return <p class="bubble tombstone">Message deleted</p>;
}

/** The text as text; only what is a link to the web becomes one. */
function Body({ text }: { readonly text: string }): VNode {
  return (
    <div class="bubble" dir="auto" data-jumbo={isJumbo(text)}>
      {linkify(text).map((piece, index) =>
        piece.href === undefined ? (
          piece.text
        ) : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ),
      )}
    </div>
  );
}

const WAITING = "You are writing faster than this chat takes it. It is sent in a moment.";

/** What has become of an own message that is not in the log yet. */
function Delivery({ row, room }: Pick<MessageProps, "row" | "room">): VNode {
  const { clientMessageId, error, state } = row;
  if (state !== "failed" || clientMessageId === undefined) {
    return (
      <p class="delivery">
        <Icon name={state === "sent" ? "check" : "clock"} />
        {state === "sent" ? "Sent" : error ? WAITING : "Sending…"}
      </p>
    );
  }
  return <Later>{(desk) => <desk.NotSent id={clientMessageId} error={error} room={room} />}</Later>;
}
