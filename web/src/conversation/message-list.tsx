/** The list of messages of a room. Only the rows in view are in the document. */

import type { RefObject, VNode } from "preact";
import {
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "preact/hooks";

import type { Room } from "../../sdk/index.ts";
import { useChat, useServices, type User } from "../context.ts";
import { canModerate } from "../lib/roles.ts";
import { lastRead } from "../rooms/room-memory.ts";
import { unreadIn } from "../rooms/unread.ts";
import { Icon } from "../ui/icons.tsx";
import { Lazy } from "../ui/lazy-part.tsx";
import { linesIn } from "../lib/text.ts";
import { useNow } from "../ui/use-store.ts";
import { FOLD_LINES } from "./bubble.tsx";
import { HistoryStart, SPACE_ABOVE } from "./history-start.tsx";
import { RowMaker, type Row } from "./message-rows.ts";
import { MessageRow } from "./message.tsx";
import { useNewMark, useReading } from "./reading.ts";
import { useUnfolded } from "./use-unfolded.ts";
import { NEAR_END, useVirtual, type List } from "./virtual-list.ts";

const MINUTE = 60_000;

/** Characters of a line of a message, and pixels of its height, for estimates. */
const LINE = { width: 60, height: 22 };

export interface MessageListHandle {
  readonly toEnd: () => void;
}

interface MessageListProps {
  readonly room: Room;
  readonly user: User;
  readonly handle: RefObject<MessageListHandle | null>;
}

export function MessageList({ room, user, handle }: MessageListProps): VNode {
  const { me } = useChat();
  const scroller = useRef<HTMLDivElement>(null);
  const news = useNewMark(room);
  const { messages, outgoing, hasOlder } = room;
  const author = me ?? { userId: "", name: user.name };
  const maker = useMemo(() => new RowMaker(author), [author.userId, author.name]);
  const rows = useMemo(
    () => maker.rows({ messages, outgoing, hasOlder }, news.after),
    [maker, messages, outgoing, hasOlder, news.after],
  );
  const keys = useMemo(() => rows.map((row) => row.key), [rows]);
  const list = useVirtual({
    scroller,
    keys,
    estimate: (index) => estimate(rows[index]),
    paddingStart: SPACE_ABOVE,
  });
  const isAtEnd = useAtEnd(list, rows);
  useReading(room, isAtEnd, news);
  useInitialScroll(list, rows);
  const older = useOlder(room, list);
  useImperativeHandle(handle, () => ({
    toEnd: () => {
      news.mark(undefined);
      list.scrollToEnd();
    },
  }));
  return (
    <div class="messages-pane">
      <div
        class="messages"
        ref={scroller}
        role="region"
        aria-label={`Messages in ${room.name}`}
        tabIndex={0}
      >
        <div
          class="canvas"
          data-empty={rows.length === 0}
          style={{ height: `${list.getTotalSize()}px` }}
        >
          <HistoryStart room={room} hasFailed={older.hasFailed} onRetry={older.load} />
          <Rows list={list} rows={rows} room={room} />
        </div>
      </div>
      <JumpToEnd
        room={room}
        isShown={!isAtEnd}
        onPress={() => {
          list.scrollToEnd();
        }}
      />
    </div>
  );
}

interface RowsProps {
  readonly list: List;
  readonly rows: readonly Row[];
  readonly room: Room;
}

/** The rows in view, and a few rows above and below. */
function Rows({ list, rows, room }: RowsProps): VNode {
  const now = useNow(MINUTE);
  const [deleting, setDeleting] = useState<Row>();
  const [unfolded, fold] = useUnfolded(list);
  const mayDelete = ({ isOwn, seq }: Row): boolean =>
    seq !== undefined && room.mutedUntil === undefined && (isOwn || canModerate(room.role));
  const items = list.getVirtualItems().flatMap(({ index, key, start }) => {
    const row = rows[index];
    return row ? [{ index, key, start, row }] : [];
  });
  return (
    <>
      <div class="rows" role="list" style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
        {items.map(({ index, key, row }) => (
          <div
            key={key}
            class="row"
            role="listitem"
            data-index={index}
            ref={list.measureElement}
            aria-posinset={index + 1}
            aria-setsize={room.hasOlder ? -1 : rows.length}
          >
            <MessageRow
              row={row}
              room={room}
              now={now}
              onDelete={mayDelete(row) ? setDeleting : undefined}
              isUnfolded={unfolded.has(row.key)}
              onFold={fold}
            />
          </div>
        ))}
      </div>
      {deleting && (
        <Lazy>
          {(parts) => (
            <parts.DeleteMessage
              room={room}
              row={deleting}
              onClose={() => {
                setDeleting(undefined);
              }}
            />
          )}
        </Lazy>
      )}
    </>
  );
}

/** Estimate the height of a row that was not rendered yet, so that the scroll bar hardly moves. */
function estimate(row: Row | undefined): number {
  if (!row) return 0;
  const lines = Math.min(linesIn(row.text, LINE.width), FOLD_LINES);
  const above = (row.opensGroup ? 36 : 3) + (row.opensDay ? 56 : 0) + (row.isFirstNew ? 40 : 0);
  return above + lines * LINE.height + 16;
}

/** Scroll to the first unread message, or to the end. */
function useInitialScroll(list: List, rows: readonly Row[]): void {
  const hasScrolled = useRef(false);
  useLayoutEffect(() => {
    if (hasScrolled.current || rows.length === 0) return;
    hasScrolled.current = true;
    const firstNew = rows.findIndex((row) => row.isFirstNew);
    if (firstNew >= 0) list.scrollToIndex(firstNew, { align: "start" });
    else list.scrollToEnd();
  }, [list, rows]);
}

/**
 * Return whether the end of the list is in view, and keep it in view.
 *
 * The list itself does not follow two changes. A long draft makes the list lower. A message can
 * appear before an own message that is not sent yet.
 */
function useAtEnd(list: List, rows: readonly Row[]): boolean {
  const height = list.scrollRect?.height ?? 0;
  const before = useRef({ rows, height, isAtEnd: true });
  const { current } = before;
  const hasChanged = current.height > 0 && (current.rows !== rows || current.height !== height);
  const stays = current.isAtEnd && hasChanged;
  // The element cannot be asked: it does not have the new rows yet.
  const left = list.getTotalSize() - height - (list.scrollOffset ?? 0);
  const isAtEnd = stays || rows.length === 0 || height === 0 || left <= NEAR_END;
  useLayoutEffect(() => {
    before.current = { rows, height, isAtEnd };
    if (stays) list.scrollToEnd();
  });
  return isAtEnd;
}

interface Older {
  readonly load: () => void;
  readonly hasFailed: boolean;
}

/** Load older messages before the user reaches the first message. */
function useOlder(room: Room, list: List): Older {
  const [failedBefore, setFailedBefore] = useState<number>();
  const first = room.messages[0]?.seq;
  const hasFailed = failedBefore !== undefined && failedBefore === first;
  const load = (): void => {
    setFailedBefore(undefined);
    room.loadOlder().catch(() => {
      setFailedBefore(first);
    });
  };
  const isWanted = room.hasOlder && !room.loadingOlder && !hasFailed;
  useEffect(() => {
    // The position is read from the element, because the list receives scroll events later.
    const { scrollTop, clientHeight } = list.scrollElement ?? { scrollTop: 0, clientHeight: 0 };
    if (isWanted && scrollTop < 2 * clientHeight + SPACE_ABOVE) load();
  });
  return { load, hasFailed };
}

interface JumpToEndProps {
  readonly room: Room;
  readonly isShown: boolean;
  readonly onPress: () => void;
}

function JumpToEnd({ room, isShown, onPress }: JumpToEndProps): VNode | null {
  const { me } = useChat();
  const { store } = useServices();
  if (!isShown) return null;
  const { count } = unreadIn(room, lastRead(store, room.id), me?.userId);
  return (
    <button type="button" class="jump-to-end" onClick={onPress}>
      <Icon name="down" />
      {count > 0 ? `${count} new` : <span class="visually-hidden">To the latest messages</span>}
    </button>
  );
}
