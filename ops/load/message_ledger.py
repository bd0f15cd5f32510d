"""Record of each message of a load test: due, acknowledged, received, in the log. No I/O."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class SentMessage:
    """A message that was sent and not rejected."""

    room: int
    due: float
    """Time in seconds at which it was to be sent. Delays are measured from it."""
    acknowledged: bool = False
    received_by: set[int] = field(default_factory=set)
    """Numbers of the clients that have received it."""


class MessageLedger:
    """Counts over a whole load test. Clients and rooms are known by their numbers."""

    def __init__(self, clients_by_room: Mapping[int, int]) -> None:
        """*clients_by_room* is the number of clients in each room."""
        self._clients_by_room = clients_by_room
        self._sent: dict[str, SentMessage] = {}
        self.rejected: Counter[str] = Counter()
        """Number of rejected messages by error code."""
        self.duplicate_receipts = 0
        self.lost: list[str] = []
        """Ids of messages that were acknowledged and are not in the log."""
        self.disordered_rooms = 0
        """Number of rooms whose log is out of order or has a message twice."""

    def record_sent(self, message_id: str, *, room: int, due: float) -> None:
        """Record that a message is being sent."""
        self._sent[message_id] = SentMessage(room, due)

    def record_acknowledgement(self, message_id: str) -> float | None:
        """Record that the server stored a message. Return when it was due, or None if unknown."""
        if (sent := self._sent.get(message_id)) is None:
            return None
        sent.acknowledged = True
        return sent.due

    def record_rejection(self, message_id: str, code: str) -> None:
        """Record that the server rejected a message with this error code."""
        if self._sent.pop(message_id, None):
            self.rejected[code] += 1

    def record_receipt(self, message_id: str, client: int) -> float | None:
        """Record that a client received a message. Return when it was due.

        Returns None for an unknown message, and if the client had received it before.
        """
        if (sent := self._sent.get(message_id)) is None:
            return None
        if client in sent.received_by:
            self.duplicate_receipts += 1
            return None
        sent.received_by.add(client)
        return sent.due

    def compare_log(self, room: int, log: Iterable[tuple[int, str]]) -> None:
        """Compare the messages of a room with its log, which has a seq and an id each."""
        entries = list(log)
        ids = [message_id for _, message_id in entries]
        seqs = [seq for seq, _ in entries]
        self.disordered_rooms += seqs != sorted(set(seqs)) or len(ids) != len(set(ids))
        in_log = set(ids)
        self.lost += [
            message_id
            for message_id, sent in self._sent.items()
            if sent.room == room and sent.acknowledged and message_id not in in_log
        ]

    @property
    def sent(self) -> int:
        """Number of messages that were sent and not rejected."""
        return len(self._sent)

    @property
    def acknowledged(self) -> int:
        """Number of messages that the server acknowledged."""
        return sum(sent.acknowledged for sent in self._sent.values())

    @property
    def expected_receipts(self) -> int:
        """Number of receipts that the acknowledged messages should have: all clients but one."""
        return sum(self._clients_by_room[s.room] - 1 for s in self._sent.values() if s.acknowledged)

    @property
    def receipts(self) -> int:
        """Number of receipts that the acknowledged messages have."""
        return sum(len(s.received_by) for s in self._sent.values() if s.acknowledged)

    @property
    def is_complete(self) -> bool:
        """Whether every message is acknowledged and every receipt has arrived."""
        return self.acknowledged == self.sent and self.receipts >= self.expected_receipts
