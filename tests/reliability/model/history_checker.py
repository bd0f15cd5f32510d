"""The history checker: compares what clients did and showed with the final log and members."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.reliability.model.client_record import Frame, Record, Sent, View

Key = tuple[str, str, str]
"""The unique key of a message: room, user, clientMessageId."""


@dataclass(frozen=True)
class Entry:
    """A message of the log, and its expiry in seconds."""

    message: Frame
    expires_at: float = float("inf")

    @property
    def seq(self) -> int:
        """Return the seq of the message."""
        return int(self.message["seq"])

    @property
    def key(self) -> tuple[str, str]:
        """Return the key of the message in its room. Without a clientMessageId it is unique."""
        id_ = self.message.get("clientMessageId", f"# {self.seq}")
        return self.message["sender"]["userId"], id_


@dataclass(frozen=True)
class Truth:
    """The final state of the server: logs and members by room, and the expected members."""

    log: Mapping[str, Sequence[Entry]]
    members: Mapping[str, Sequence[str]] = field(default_factory=dict)
    connected: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Violation:
    """A violated guarantee."""

    rule: str
    detail: str


def violations(records: Sequence[Record], truth: Truth) -> list[Violation]:
    """Return every guarantee that this history violates."""
    return [
        *_acknowledged(records, truth),
        *_only_what_was_sent(records, truth),
        *(v for record in records for view in record.views for v in _view(view, truth)),
        *_sender_order(records, truth),
        *_membership(truth),
    ]


def _acknowledged(records: Sequence[Record], truth: Truth) -> Iterator[Violation]:
    """Check that each acknowledged message is in the log, as acknowledged and as sent."""
    for record, sent in _sends(records):
        if sent.message is None:
            continue
        as_sent = (sent.room_id, sent.text, sent.client_message_id, record.user_id)
        as_acked = _content(sent.message)
        if as_acked != as_sent:
            yield Violation("acknowledged as sent", f"{as_sent} became {as_acked}")
        found = [e.message for e in truth.log.get(sent.room_id, ()) if e.message == sent.message]
        if len(found) != 1:
            yield Violation("acknowledged is logged", f"{len(found)} times: {sent.message}")


def _only_what_was_sent(records: Sequence[Record], truth: Truth) -> Iterator[Violation]:
    """Check that each message of the log was sent, and is there once. Seqs are unique and rise."""
    sent = {
        (sent.room_id, sent.text, sent.client_message_id, record.user_id)
        for record, sent in _sends(records)
        if sent.sent
    }
    for room_id, log in truth.log.items():
        for entry in log:
            if _content(entry.message) not in sent or entry.message["roomId"] != room_id:
                yield Violation("logged was sent", f"nobody sent {entry.message}")
        for key, times in Counter(entry.key for entry in log).items():
            if times > 1:
                yield Violation("once in the log", f"{key} is there {times} times")
        if not _rises([entry.seq for entry in log]):
            yield Violation("one order", f"seqs of {room_id}: {[e.seq for e in log]}")


def _view(view: View, truth: Truth) -> Iterator[Violation]:
    """Check that a view is an ordered part of the log, complete from its start to its end."""
    shown = [message["seq"] for message in view.messages]
    if len(set(shown)) < len(shown):
        yield Violation("view without duplicates", f"{view.room_id}: {shown}")
    if shown != sorted(shown):
        yield Violation("view in order", f"{view.room_id}: {shown}")

    log = {entry.seq: entry for entry in truth.log.get(view.room_id, ())}
    for message in view.messages:
        if message["seq"] not in log or log[message["seq"]].message != message:
            yield Violation("view of the log", f"the log does not have {message}")
    end = max(log, default=0) if view.synced else max(shown, default=0)
    due = {s for s, e in log.items() if view.start <= s <= end and e.expires_at > view.opened_at}
    if missing := sorted(due - set(shown)):
        what = f"{view.room_id} from {view.start}, synced: {view.synced}"
        yield Violation("view is complete", f"{what}: {missing} missing in {shown}")


def _sender_order(records: Sequence[Record], truth: Truth) -> Iterator[Violation]:
    """Check that messages sent after a reply have higher seqs than the acknowledged message."""
    seqs = {(room_id, *entry.key): entry.seq for room_id, log in truth.log.items() for entry in log}
    senders = Counter(
        key for record in records for key in {_key(record, sent) for sent in record.sends}
    )
    for record in records:
        by_room: dict[str, list[Sent]] = {}
        for sent in record.sends:
            by_room.setdefault(sent.room_id, []).append(sent)
        for sends in by_room.values():
            # A message that another connection sent too may be in the log earlier.
            own = [s for s in sends if senders[_key(record, s)] == 1]
            yield from _in_order(record, sends, own, seqs)


def _in_order(
    record: Record, sends: Sequence[Sent], own: Sequence[Sent], seqs: Mapping[Key, int]
) -> Iterator[Violation]:
    replies = sorted((s.acknowledged, s) for s in sends if s.acknowledged and s.message)
    highest, awaited = 0, iter(replies)
    reply = next(awaited, None)
    for later in sorted((s for s in own if s.sent), key=lambda s: s.sent or 0):
        while reply and reply[0] < (later.sent or 0):
            highest = max(highest, seqs.get(_key(record, reply[1]), 0))
            reply = next(awaited, None)
        seq = seqs.get(_key(record, later))
        if seq is not None and seq < highest:
            yield Violation(
                "sender's order", f"{later.text!r} at {seq}, after a reply of {highest}"
            )


def _membership(truth: Truth) -> Iterator[Violation]:
    """Check that the connected users are the members, and no other users."""
    for room_id in sorted({*truth.members, *truth.connected}):
        members = sorted(truth.members.get(room_id, ()))
        connected = sorted(truth.connected.get(room_id, ()))
        if members != connected:
            yield Violation("no ghosts", f"{room_id}: {members} for {connected}")


def _sends(records: Iterable[Record]) -> Iterator[tuple[Record, Sent]]:
    return ((record, sent) for record in records for sent in record.sends)


def _key(record: Record, sent: Sent) -> Key:
    return sent.room_id, record.user_id, sent.client_message_id


def _content(message: Frame) -> tuple[str, str, str | None, str]:
    sender = message["sender"]["userId"]
    return message["roomId"], message["text"], message.get("clientMessageId"), sender


def _rises(seqs: Sequence[int]) -> bool:
    return all(a < b for a, b in pairwise(seqs))
