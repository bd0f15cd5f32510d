"""The table of faults: what is injected, and what people may notice of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reliability.faults import injection
from tests.reliability.faults.injection import Fate, Fault, Rule

Call = tuple[str, str]
"""An operation, and a text that tells its uses apart."""

CONNECT = ("TransactWriteItems", "connectedAt")
WHO = ("GetItem", "CONNECTION#")
ROOM = ("GetItem", "ROOM#")
JOIN = ("TransactWriteItems", "visibility = :only")
LEAVE = ("TransactWriteItems", "DELETE rooms")
NEXT_SEQ = ("UpdateItem", "lastSeq")
STORE = ("TransactWriteItems", "clientMessageId")
CLOSE_HOLE = ("TransactWriteItems", '"hole"')
AUDIENCE = ("Query", '"pk = :room"')
LOG = ("Query", "BETWEEN")
RENEW = ("TransactWriteItems", "rightsEnd <= :rightsEnd")
RENEW_PLACE = ("UpdateItem", "expiresAt < :until")
HANG_UP = ("DeleteItem", '"CONNECTION"')
HELD = ("UpdateItem", "DELETE #open")
RESENT = (("GetItem", "SENT#"), ("GetItem", "MESSAGE#"))
POST = ("PostToConnection", "")

EACH = (
    *(CONNECT, WHO, ROOM, JOIN, LEAVE, NEXT_SEQ, STORE, AUDIENCE, LOG),
    *(RENEW, RENEW_PLACE, HANG_UP, HELD),
)
"""Every DynamoDB call of a life without repeats and holes."""

ATTEMPTS = 3
"""What the SDK makes of one DynamoDB call."""

OUTLASTS = ATTEMPTS + 1
"""Failures in a row that a request hears of, and that its repetition gets over."""


@dataclass(frozen=True, slots=True)
class Row:
    """Faults, whether requests are refused because of them, and the function's time-out, if short.

    *refused* is None where it depends on what else the function was doing.
    """

    name: str
    rules: Callable[[], Sequence[Rule]]
    refused: bool | None = False
    ends_function: bool = False
    timeout: int | None = None


def row(
    name: str,
    fault: Fault,
    *calls: Call,
    times: int | None = 1,
    committed: bool = False,
    refused: bool | None = False,
    timeout: int | None = None,
) -> Row:
    """A row that does the same to several calls, *times* to each."""
    ends = fault is Fate.KILL or timeout is not None
    return Row(
        name, lambda: spoil(fault, *calls, times=times, committed=committed), refused, ends, timeout
    )


def spoil(
    fault: Fault, *calls: Call, times: int | None = 1, committed: bool = False
) -> Sequence[Rule]:
    """The same for several calls."""
    return [
        Rule(operation, fault, containing=text, times=times, committed=committed)
        for operation, text in calls
    ]


CONFLICT = injection.cancelled("TransactionConflict")
TOO_FAST = injection.cancelled("ThrottlingError")

WAITED_FOR = (
    row("time-out after commit", Fate.HANG, *EACH, committed=True),
    row("time-out", Fate.HANG, CONNECT, JOIN, NEXT_SEQ, STORE, HANG_UP),
    row(
        "long time-out after commit", Fate.HANG, STORE, committed=True, times=OUTLASTS, refused=True
    ),
    row("long time-out of the audience", Fate.HANG, AUDIENCE, times=OUTLASTS, refused=True),
)

REFUSED = (
    row(
        "long throttling",
        injection.throttled,
        *(WHO, JOIN, NEXT_SEQ, STORE, AUDIENCE, RENEW),
        times=OUTLASTS,
        refused=True,
    ),
    row(
        "long 500",
        injection.server_error,
        *(CONNECT, ROOM, LEAVE, LOG),
        times=OUTLASTS,
        refused=True,
    ),
    row(
        "long 500 after commit",
        injection.server_error,
        STORE,
        committed=True,
        times=OUTLASTS,
        refused=True,
    ),
    row(
        "renewals: long 500 after commit",
        injection.server_error,
        *(RENEW, RENEW_PLACE),
        committed=True,
        times=OUTLASTS,
        refused=True,
    ),
    row("long conflict", CONFLICT, JOIN, LEAVE, STORE, times=12, refused=True),
    Row(
        "resend refused",
        lambda: [
            *spoil(Fate.RESET, STORE, committed=True, times=OUTLASTS),
            *spoil(injection.throttled, *RESENT),
        ],
        refused=True,
    ),
)

RIDDEN_OUT = (
    row("throughput exceeded", injection.throttled, *EACH),
    row("500", injection.server_error, *EACH),
    row("500 after commit", injection.server_error, *EACH, committed=True),
    row("reset", Fate.RESET, *EACH),
    row("reset after commit", Fate.RESET, *EACH, committed=True),
    row("response cut after commit", Fate.CUT, NEXT_SEQ, STORE, AUDIENCE, committed=True),
    row("throttled by the account", injection.throttling, NEXT_SEQ, STORE, AUDIENCE),
    row("503", injection.unavailable, NEXT_SEQ, STORE, AUDIENCE),
    row("write conflict", injection.conflict, NEXT_SEQ, RENEW_PLACE, HANG_UP, times=3),
    row("transaction conflict", CONFLICT, JOIN, LEAVE, STORE, RENEW, times=3),
    row("transaction throttled", TOO_FAST, JOIN, LEAVE, STORE, RENEW, times=3),
    Row(
        "tombstones lost",
        lambda: [
            *spoil(injection.server_error, NEXT_SEQ, committed=True),
            *spoil(Fate.RESET, CLOSE_HOLE, committed=True),
            *spoil(injection.throttled, CLOSE_HOLE),
        ],
    ),
)

PUSHES = (
    row("post: time-outs in a burst", Fate.HANG, POST, times=6),
    row("post: time-out", Fate.HANG, POST),
    row("post: time-out after delivery", Fate.HANG, POST, committed=True),
    row("post: 410 to the living", injection.gone, POST, times=2, refused=True),
    row("post: 429", injection.limited, POST),
    row("post: 429 in a burst", injection.limited, POST, times=OUTLASTS),
    row("post: 429 for good", injection.limited, POST, times=None),
    row("post: 500", injection.gateway_error, POST),
    row("post: 500 for good", injection.gateway_error, POST, times=None),
    row("post: reset", Fate.RESET, POST),
    row("post: reset after delivery", Fate.RESET, POST, committed=True),
    row("post: reset for good", Fate.RESET, POST, times=None),
)

DISCONNECTS = (
    row("disconnect lost", injection.server_error, HANG_UP, times=ATTEMPTS),
    row("disconnect lost early", injection.server_error, HELD, times=ATTEMPTS),
    row("disconnect timing out after commit", Fate.HANG, HANG_UP, times=ATTEMPTS, committed=True),
    row("disconnect cut short", Fate.KILL, HANG_UP, committed=True, refused=None),
)

ENDED = (
    row("killed after the next seq", Fate.KILL, NEXT_SEQ, committed=True, refused=True),
    row("killed before the write", Fate.KILL, STORE, refused=True),
    row("killed after the write", Fate.KILL, STORE, committed=True, refused=True),
    row("killed before the push", Fate.KILL, AUDIENCE, refused=True),
    row("killed at the first post", Fate.KILL, POST, refused=True),
    row("killed after the first post", Fate.KILL, POST, committed=True, refused=True),
    row("killed before the renewal", Fate.KILL, RENEW, refused=True),
    row("killed amid the renewal", Fate.KILL, RENEW, committed=True, refused=True),
    row("killed after the join", Fate.KILL, JOIN, committed=True, refused=True),
    row("timing out before the push", Fate.DRIP, AUDIENCE, refused=True, timeout=6),
)

ROWS = WAITED_FOR + REFUSED + RIDDEN_OUT + PUSHES + DISCONNECTS + ENDED
