/** What was said in a room, as far as it is in view. */

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
import { useNow } from "../ui/use-store.ts";
import { Later } from "../ui/lazy-part.tsx";
import { useNewMark, useReading } from "./reading.ts";
import { NEAR_END, useVirtual, type List } from "./virtual-list.ts";
import { useChat, useServices } from "../context.ts";
import type { Person } from "../lib/avatar.ts";
import { lastRead } from "../rooms/room-memory.ts";
import { keepsOrder } from "../room-settings/moderators.ts";
import { RowMaker, type Row } from "./message-rows.ts";
import { unreadIn } from "../rooms/unread.ts";
import { Icon } from "../ui/icons.tsx";
import { MessageRow } from "./message.tsx";
import { Before, SPACE_ABOVE } from "./history-start.tsx";

const MINUTE = 60_000;

export interface MessagesHandle {
  readonly toEnd: () => void;
}

interface MessagesProps {
  readonly room: Room;
  readonly guest: Person;
  readonly handle: RefObject<MessagesHandle | null>;
}

export function Messages({ room, guest, handle }: MessagesProps): VNode {
  const { me } = useChat();
  const scroller = useRef<HTMLDivElement>(null);
  const news = useNewMark(room);
  const { messages, outgoing, hasOlder } = room;
  const author = me ?? { userId: "", name: guest.name };
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
  useBeginning(list, rows);
  const older = useOlder(room, list);
  useImperativeHandle(handle, () => ({
    toEnd: () => {
      news.mark(undefined);
      list.scrollToEnd();
    },
  }));
  return (
    <div class="messages-place">
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
          <Before room={room} hasFailed={older.hasFailed} onRetry={older.load} />
          <Rows list={list} rows={rows} room={room} />
        </div>
      </div>
      <ToEnd
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

/** The rows in view, and a few to either side. */
function Rows({ list, rows, room }: RowsProps): VNode {
  const now = useNow(MINUTE);
  const [deleting, setDeleting] = useState<Row>();
  const mayDelete = ({ isOwn, seq }: Row): boolean =>
    seq !== undefined && (isOwn || keepsOrder(room.role));
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
            />
          </div>
        ))}
      </div>
      {deleting && (
        <Later>
          {(desk) => (
            <desk.DeleteMessage
              room={room}
              row={deleting}
              onClose={() => {
                setDeleting(undefined);
              }}
            />
          )}
        </Later>
      )}
    </>
  );
}

/** The height of a row that was not in view yet: near enough that the scroll bar hardly moves. */
function estimate(row: Row | undefined): number {
  if (!row) return 0;
  const lines = Math.max(1, Math.ceil(row.text.length / 60), row.text.split("\n").length);
  const above = (row.opensGroup ? 36 : 3) + (row.opensDay ? 56 : 0) + (row.isFirstNew ? 40 : 0);
  return above + lines * 22 + 16;
}

/** Begin where one stopped reading, or at the end. */
function useBeginning(list: List, rows: readonly Row[]): void {
  const hasBegun = useRef(false);
  useLayoutEffect(() => {
    if (hasBegun.current || rows.length === 0) return;
    hasBegun.current = true;
    const firstNew = rows.findIndex((row) => row.isFirstNew);
    if (firstNew >= 0) list.scrollToIndex(firstNew, { align: "start" });
    else list.scrollToEnd();
  }, [list, rows]);
}

/**
 * Whether the end is in view; then it stays so, also when a draft takes away from the place for the
 * list, and when something comes before an own message that is still on its way: the list itself
 * follows neither.
 */
function useAtEnd(list: List, rows: readonly Row[]): boolean {
  const height = list.scrollRect?.height ?? 0;
  const before = useRef({ rows, height, isAtEnd: true });
  const { current } = before;
  const hasChanged = current.height > 0 && (current.rows !== rows || current.height !== height);
  const stays = current.isAtEnd && hasChanged;
  // Not as the element has it, which does not know yet of the rows that are being drawn.
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

/** Ask for older messages before one sees the first of those that there are. */
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
    // Of the element itself: the list hears only later of a place that it was scrolled to.
    const { scrollTop, clientHeight } = list.scrollElement ?? { scrollTop: 0, clientHeight: 0 };
    if (isWanted && scrollTop < 2 * clientHeight + SPACE_ABOVE) load();
  });
  return { load, hasFailed };
}

interface ToEndProps {
  readonly room: Room;
  readonly isShown: boolean;
  readonly onPress: () => void;
}

function ToEnd({ room, isShown, onPress }: ToEndProps): VNode | null {
  const { me } = useChat();
  const { store } = useServices();
  if (!isShown) return null;
  const { count } = unreadIn(room, lastRead(store, room.id), me?.userId);
  return (
    <button type="button" class="to-end" onClick={onPress}>
      <Icon name="down" />
      {count > 0 ? `${count} new` : <span class="unseen">To the latest messages</span>}
    </button>
  );
}
