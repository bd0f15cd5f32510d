/** A message, and what precedes it: the day, the mark of new messages, the author. */

import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { Lazy } from "../ui/lazy-part.tsx";
import { clockTime, dayName, fullTime } from "../lib/dates.ts";
import { Bubble, FoldButton, useFold } from "./bubble.tsx";
import { colourOf } from "../lib/avatar.ts";
import type { Row } from "./message-rows.ts";
import { Avatar, IconButton, Name } from "../ui/controls.tsx";
import { Icon } from "../ui/icons.tsx";

/** Milliseconds after which a message appears without an animation. */
const ANIMATED_FOR = 1_500;

interface MessageProps {
  readonly row: Row;
  readonly room: Room;
  readonly now: number;
  /** Opens the dialog that deletes the message. Undefined if the user may not delete it. */
  readonly onDelete: ((row: Row) => void) | undefined;
  /** True if the user has unfolded the message, in case it is long. */
  readonly isUnfolded: boolean;
  readonly onFold: (row: Row, pixels: number) => void;
}

/** Renders again only after a change, and not when the user scrolls. */
export function MessageRow(props: MessageProps): VNode {
  const { row, room, now, onDelete, isUnfolded, onFold } = props;
  const changes = [row, room, room.mutedUntil, now, onDelete, isUnfolded, onFold];
  return useMemo(() => <Article {...props} />, changes);
}

function Article({ row, room, now, onDelete, isUnfolded, onFold }: MessageProps): VNode {
  const { author, isOwn, at, opensGroup, closesGroup } = row;
  const [isArriving] = useState(() => Date.now() - at < ANIMATED_FOR);
  const fold = useFold(row.text, isUnfolded, (pixels) => {
    onFold(row, pixels);
  });
  return (
    <>
      {row.opensDay && (
        <h3 class="day">
          <span>{dayName(at, now)}</span>
        </h3>
      )}
      {row.isFirstNew && (
        <p class="new-mark">
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
        {opensGroup && <Head row={row} />}
        <div class="message-line">
          {row.text === "" ? <Tombstone /> : <Bubble text={row.text} fold={fold} />}
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
        <FoldButton fold={fold} of={isOwn ? "your message" : `the message from ${author.name}`} />
        {row.state !== "stored" && <Delivery row={row} room={room} />}
      </article>
    </>
  );
}

/** The author and the time, above the first message of a group. */
function Head({ row: { author, isOwn, at } }: Pick<MessageProps, "row">): VNode {
  return (
    <header class="message-head" data-colour={colourOf(author.userId)}>
      {isOwn ? <span class="visually-hidden">You</span> : <Name>{author.name}</Name>}
      <Time at={at} />
    </header>
  );
}

function Time({ at }: { readonly at: number }): VNode {
  return (
    <time class="message-time" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {clockTime(at)}
    </time>
  );
}

/** The replacement of a deleted message. */
function Tombstone(): VNode {
  return <p class="bubble tombstone">Message deleted</p>;
}

const WAITING = "You're sending messages too fast. This one will be sent in a moment.";

/** The state of an own message that is not among the stored messages yet. */
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
  return (
    <Lazy>{(parts) => <parts.UnsentNotice id={clientMessageId} error={error} room={room} />}</Lazy>
  );
}
