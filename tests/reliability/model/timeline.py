"""A room as a client shows it: in order, once, and without gaps that history has not confirmed."""

from collections.abc import Sequence

from tests.reliability.model.client_record import Frame, Record, View
from tests.reliability.model.client_timeouts import GAP_TIMEOUT


class Timeline:
    """Sorts messages by seq. Messages above a gap wait."""

    def __init__(self, room_id: str, record: Record) -> None:
        self._room_id = room_id
        self._record = record
        self._view: View | None = None
        self._waiting: dict[int, Frame] = {}
        self._gap_since: float | None = None
        self.cursor = 0
        """The last seq shown. Every seq up to it is shown or is a gap."""

    @property
    def epoch(self) -> str | None:
        """Return the epoch of the room that is shown, or None before anything is shown."""
        return self._view.epoch if self._view else None

    @property
    def start(self) -> int:
        """Return the seq from which on everything is shown."""
        return self._view.start if self._view else 0

    @property
    def gap_ends(self) -> float | None:
        """Return when to ask history about the gap, or None without a gap."""
        return None if self._gap_since is None else self._gap_since + GAP_TIMEOUT

    def open(self, epoch: str, page: Sequence[Frame], *, has_older: bool, now: float) -> None:
        """Begin anew with the latest page."""
        start = page[0]["seq"] if has_older and page else 0
        self._view = View(self._room_id, epoch, start, now)
        self._record.views.append(self._view)
        self.cursor = 0
        self.settle(page, now)

    def offer(self, message: Frame, now: float) -> None:
        """Accept a message that was pushed or acknowledged."""
        if self._view is None or message["seq"] > self.cursor:
            self._waiting[message["seq"]] = message
        self._flush(now)

    def settle(self, page: Sequence[Frame], now: float) -> None:
        """Accept a page of history. Seqs that it omits are gaps."""
        for message in page:
            if message["seq"] > self.cursor:
                self._show(message)
        self._gap_since = None
        self._flush(now)

    def extend(self, page: Sequence[Frame]) -> None:
        """Put an older page before the shown messages."""
        if self._view and page:
            self._view.messages[:0] = page
            self._view.start = page[0]["seq"]

    def cut(self) -> None:
        """Drop the waiting messages of a lost connection. The next history will contain them."""
        self._waiting.clear()
        self._gap_since = None

    def mark_synced(self) -> None:
        """Claim that the view is complete."""
        if self._view:
            self._view.synced = True

    def _flush(self, now: float) -> None:
        if self._view is None:
            return
        self._waiting = {s: m for s, m in self._waiting.items() if s > self.cursor}
        while message := self._waiting.pop(self.cursor + 1, None):
            self._show(message)
        if not self._waiting:
            self._gap_since = None
        elif self._gap_since is None:
            self._gap_since = now

    def _show(self, message: Frame) -> None:
        if self._view:
            self._view.messages.append(message)
        self.cursor = message["seq"]
