"""What became of each message: due, acknowledged, heard, in the log. No I/O."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Sent:
    """One message on its way."""

    room: int
    due: float
    """When it was to be sent, in seconds; what comes late counts from here."""
    acknowledged: bool = False
    heard_by: set[int] = field(default_factory=set)


class Ledger:
    """Counts over a whole load; clients and rooms are known by their numbers."""

    def __init__(self, people: dict[int, int]) -> None:
        """*people* is how many there are in each room."""
        self._people = people
        self._sent: dict[str, Sent] = {}
        self.refused: Counter[str] = Counter()
        """Messages that were not taken, by the code of the error."""
        self.doubled = 0
        self.lost: list[str] = []
        """Ids that were acknowledged, and are not in the log."""
        self.disordered = 0
        """Rooms whose log is not in the order of its seqs, or has a message twice."""

    def send(self, id_: str, *, room: int, due: float) -> None:
        """A message goes out."""
        self._sent[id_] = Sent(room, due)

    def acknowledge(self, id_: str) -> float | None:
        """The server has stored it; when it was due, or None of what is not known."""
        if (sent := self._sent.get(id_)) is None:
            return None
        sent.acknowledged = True
        return sent.due

    def refuse(self, id_: str, code: str) -> None:
        """The server has not taken it."""
        if self._sent.pop(id_, None):
            self.refused[code] += 1

    def hear(self, id_: str, client: int) -> float | None:
        """A client hears it; when it was due, or None of what is not known or heard already."""
        if (sent := self._sent.get(id_)) is None:
            return None
        if client in sent.heard_by:
            self.doubled += 1
            return None
        sent.heard_by.add(client)
        return sent.due

    def read(self, room: int, log: Iterable[tuple[int, str]]) -> None:
        """Compare with a room's log: seqs, and the ids of messages."""
        lines = list(log)
        ids = [id_ for _, id_ in lines]
        seqs = [seq for seq, _ in lines]
        self.disordered += seqs != sorted(set(seqs)) or len(ids) != len(set(ids))
        in_log = set(ids)
        self.lost += [
            id_
            for id_, sent in self._sent.items()
            if sent.room == room and sent.acknowledged and id_ not in in_log
        ]

    @property
    def sent(self) -> int:
        """Messages that went out and were not refused."""
        return len(self._sent)

    @property
    def acknowledged(self) -> int:
        """Messages of which the server said that it has them."""
        return sum(sent.acknowledged for sent in self._sent.values())

    @property
    def expected(self) -> int:
        """Receipts that acknowledged messages should have had."""
        return sum(self._people[s.room] - 1 for s in self._sent.values() if s.acknowledged)

    @property
    def heard(self) -> int:
        """Receipts that there were, of acknowledged messages."""
        return sum(len(s.heard_by) for s in self._sent.values() if s.acknowledged)

    @property
    def settled(self) -> bool:
        """Nothing is on its way any more."""
        return self.acknowledged == self.sent and self.heard >= self.expected
