"""The table of faults: what is injected, and what users may notice of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reliability.faults import injection
from tests.reliability.faults.injection import Failure, Fault, Rule

Call = tuple[str, str]
"""An operation, and a text that distinguishes its uses."""

CONNECT = ("TransactWriteItems", "connectedAt")
CONNECTION = ("GetItem", "CONNECTION#")
ROOM = ("GetItem", "ROOM#")
JOIN = ("TransactWriteItems", "visibility = :only")
LEAVE = ("TransactWriteItems", "DELETE #1 :0")
APPEND = ("TransactWriteItems", "lastSeq = :after")
NEXT_SEQ = ("UpdateItem", "lastSeq")
STORE = ("TransactWriteItems", "clientMessageId")
CLOSE_GAP = ("TransactWriteItems", '"hole"')
SUBSCRIBERS = ("Query", '"pk = :room AND begins_with(sk, :prefix)"')
LOG = ("Query", "BETWEEN")
RENEW = ("TransactWriteItems", "rightsEnd <= :end")
RENEW_SUBSCRIBER = ("UpdateItem", "expiresAt < :until")
DISCONNECT = ("DeleteItem", '"CONNECTION"')
USER_CONNECTIONS = ("UpdateItem", "DELETE #0 :0")
RESENT = (CLOSE_GAP, ("GetItem", "MESSAGE#"))
POST = ("PostToConnection", "")

EACH = (
    *(CONNECT, CONNECTION, ROOM, JOIN, LEAVE, APPEND, NEXT_SEQ, STORE, SUBSCRIBERS, LOG),
    *(RENEW, RENEW_SUBSCRIBER, DISCONNECT, USER_CONNECTIONS),
)
"""Every DynamoDB call of a client's life without repetitions and gaps."""

ATTEMPTS = 3
"""The attempts that the AWS SDK makes for a DynamoDB call."""

MORE_THAN_RETRIED = ATTEMPTS + 1
"""Failures in a row that cause an error reply, and that a repeated request overcomes."""


@dataclass(frozen=True, slots=True)
class FaultCase:
    """Faults, whether requests fail because of them, and the function's time-out if it is short.

    *causes_errors* is None if it depends on what else the function was doing.
    """

    name: str
    rules: Callable[[], Sequence[Rule]]
    causes_errors: bool | None = False
    ends_function: bool = False
    timeout: int | None = None


def case(
    name: str,
    fault: Fault,
    *calls: Call,
    times: int | None = 1,
    committed: bool = False,
    causes_errors: bool | None = False,
    timeout: int | None = None,
) -> FaultCase:
    """Return a case that does the same to several calls, *times* to each."""
    ends = fault is Failure.KILL or timeout is not None
    return FaultCase(
        name,
        lambda: inject(fault, *calls, times=times, committed=committed),
        causes_errors,
        ends,
        timeout,
    )


def inject(
    fault: Fault, *calls: Call, times: int | None = 1, committed: bool = False
) -> Sequence[Rule]:
    """Return the same rule for several calls.

    The two steps of a busy room are made only if no message can be appended at once.
    """
    rules = [
        Rule(operation, fault, containing=text, times=times, committed=committed)
        for operation, text in sorted(calls, key=lambda call: call != APPEND)
    ]
    if {NEXT_SEQ, STORE} & {*calls}:
        operation, text = APPEND
        rules.insert(APPEND in calls, Rule(operation, CONFLICT, containing=text, times=None))
    return rules


CONFLICT = injection.cancelled("TransactionConflict")
TOO_FAST = injection.cancelled("ThrottlingError")

TIMEOUTS = (
    case("time-out after commit", Failure.HANG, *EACH, committed=True),
    case("time-out", Failure.HANG, CONNECT, JOIN, APPEND, NEXT_SEQ, STORE, DISCONNECT),
    case(
        "long time-out after commit",
        Failure.HANG,
        STORE,
        committed=True,
        times=MORE_THAN_RETRIED,
        causes_errors=True,
    ),
    case(
        "long time-out after appending",
        Failure.HANG,
        APPEND,
        committed=True,
        times=MORE_THAN_RETRIED,
        causes_errors=True,
    ),
    case(
        "long time-out of the subscribers",
        Failure.HANG,
        SUBSCRIBERS,
        times=MORE_THAN_RETRIED,
        causes_errors=True,
    ),
)

WITH_ERRORS = (
    case(
        "long throttling",
        injection.throttled,
        *(CONNECTION, JOIN, NEXT_SEQ, STORE, SUBSCRIBERS, RENEW),
        times=MORE_THAN_RETRIED,
        causes_errors=True,
    ),
    case(
        "long 500",
        injection.server_error,
        *(CONNECT, ROOM, LEAVE, LOG),
        times=MORE_THAN_RETRIED,
        causes_errors=True,
    ),
    case(
        "long 500 after commit",
        injection.server_error,
        STORE,
        committed=True,
        times=MORE_THAN_RETRIED,
        causes_errors=True,
    ),
    case(
        "long 500 after appending",
        injection.server_error,
        APPEND,
        committed=True,
        times=MORE_THAN_RETRIED,
        causes_errors=True,
    ),
    case(
        "renewals: long 500 after commit",
        injection.server_error,
        *(RENEW, RENEW_SUBSCRIBER),
        committed=True,
        times=MORE_THAN_RETRIED,
        causes_errors=True,
    ),
    case("long conflict", CONFLICT, JOIN, LEAVE, STORE, times=12, causes_errors=True),
    FaultCase(
        "resend throttled",
        lambda: [
            *inject(Failure.RESET, STORE, committed=True, times=MORE_THAN_RETRIED),
            *inject(injection.throttled, *RESENT),
        ],
        causes_errors=True,
    ),
)

RETRIED = (
    case("throughput exceeded", injection.throttled, *EACH),
    case("500", injection.server_error, *EACH),
    case("500 after commit", injection.server_error, *EACH, committed=True),
    case("reset", Failure.RESET, *EACH),
    case("reset after commit", Failure.RESET, *EACH, committed=True),
    case(
        "response truncated after commit",
        Failure.CUT,
        *(APPEND, NEXT_SEQ, STORE, SUBSCRIBERS),
        committed=True,
    ),
    case("throttled by the account", injection.throttling, NEXT_SEQ, STORE, SUBSCRIBERS),
    case("503", injection.unavailable, NEXT_SEQ, STORE, SUBSCRIBERS),
    case("write conflict", injection.conflict, NEXT_SEQ, RENEW_SUBSCRIBER, DISCONNECT, times=3),
    case("transaction conflict", CONFLICT, JOIN, LEAVE, STORE, RENEW, times=3),
    case("transaction throttled", TOO_FAST, JOIN, LEAVE, STORE, RENEW, times=3),
    case(
        "appended message resent",
        Failure.RESET,
        APPEND,
        committed=True,
        times=MORE_THAN_RETRIED,
        causes_errors=True,
    ),
    FaultCase(
        "tombstones lost",
        lambda: [
            *inject(injection.server_error, NEXT_SEQ, committed=True),
            *inject(Failure.RESET, CLOSE_GAP, committed=True),
            *inject(injection.throttled, CLOSE_GAP),
        ],
    ),
)

PUSHES = (
    case("post: time-outs in a burst", Failure.HANG, POST, times=6),
    case("post: time-out", Failure.HANG, POST),
    case("post: time-out after delivery", Failure.HANG, POST, committed=True),
    case("post: 410 to a live connection", injection.gone, POST, times=2, causes_errors=True),
    case("post: 429", injection.limited, POST),
    case("post: 429 in a burst", injection.limited, POST, times=MORE_THAN_RETRIED),
    case("post: 429 permanently", injection.limited, POST, times=None),
    case("post: 500", injection.gateway_error, POST),
    case("post: 500 permanently", injection.gateway_error, POST, times=None),
    case("post: reset", Failure.RESET, POST),
    case("post: reset after delivery", Failure.RESET, POST, committed=True),
    case("post: reset permanently", Failure.RESET, POST, times=None),
)

DISCONNECTS = (
    case("disconnect lost", injection.server_error, DISCONNECT, times=ATTEMPTS),
    case("disconnect lost early", injection.server_error, USER_CONNECTIONS, times=ATTEMPTS),
    case(
        "disconnect timing out after commit",
        Failure.HANG,
        DISCONNECT,
        times=ATTEMPTS,
        committed=True,
    ),
    case("disconnect killed", Failure.KILL, DISCONNECT, committed=True, causes_errors=None),
)

KILLED = (
    case("killed before appending", Failure.KILL, APPEND, causes_errors=True),
    case("killed after appending", Failure.KILL, APPEND, committed=True, causes_errors=True),
    case("killed after the next seq", Failure.KILL, NEXT_SEQ, committed=True, causes_errors=True),
    case("killed before the write", Failure.KILL, STORE, causes_errors=True),
    case("killed after the write", Failure.KILL, STORE, committed=True, causes_errors=True),
    case("killed before the push", Failure.KILL, SUBSCRIBERS, causes_errors=True),
    case("killed at the first post", Failure.KILL, POST, causes_errors=True),
    case("killed after the first post", Failure.KILL, POST, committed=True, causes_errors=True),
    case("killed before the renewal", Failure.KILL, RENEW, causes_errors=True),
    case("killed during the renewal", Failure.KILL, RENEW, committed=True, causes_errors=True),
    case("killed after the join", Failure.KILL, JOIN, committed=True, causes_errors=True),
    case("timing out before the push", Failure.DRIP, SUBSCRIBERS, causes_errors=True, timeout=6),
)

CASES = TIMEOUTS + WITH_ERRORS + RETRIED + PUSHES + DISCONNECTS + KILLED
