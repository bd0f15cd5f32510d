"""What a month costs: quantities times the prices of `ops/cost/price_list.py`."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chat_stack.settings.identity import Guest
from ops.cost import monitoring
from ops.cost.price_list import PRICES
from ops.cost.requests import REQUESTS
from ops.cost.workload import ENVELOPE, Day

DAYS = 365 / 12  # of a month
GB = 1024**3
FRAME = 32 * 1024  # bytes that API Gateway counts as one message

# Assumptions, where only a deployment can tell: docs/cost.md says how to replace them.
START_MS = 5.0  # of an invocation, beside what it waits for
STORE_MS = 5.0  # a request to DynamoDB
ROUND_MS = 10.0  # a post, of which many are under way at once
LOG_BYTES = 1_700  # of an invocation: the function's line, Lambda's own, and API Gateway's
PLACE = 220  # bytes of a place in an audience
ROW = 350  # bytes of a message's item around its text

_KEY_MINUTES = 5
"""How long a table's key is kept for a connection, and a queue's for its users.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-estimate-kms-usage-costs.html
"""
_TABLES = 2
_KEYS_OF_QUEUE = 2 * 3 + 1  # each of three senders twice, the receiver once
_POLLS = 3 * 5  # requests of SQS a minute while nothing waits: five pollers of 20 seconds


@dataclass(frozen=True, slots=True)
class Line:
    """So many *units* of a *price* a month, and what they are for."""

    service: str
    price: str
    units: float

    @property
    def dollars(self) -> float:
        """What they cost."""
        return PRICES[self.price].of(self.units)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of such days."""

    day: Day

    @property
    def lines(self) -> tuple[Line, ...]:
        """The bill, service by service."""
        return (
            Line("API Gateway", "messages", self.messages * DAYS),
            Line("API Gateway", "minutes", self.day.load.users * self.day.load.hours * 60 * DAYS),
            Line("Lambda", "invocations", self.invocations * DAYS),
            Line("Lambda", self.day.settings.architecture, self.gb_seconds * DAYS),
            Line("DynamoDB", "writes", self.writes * DAYS),
            Line("DynamoDB", "reads", self.reads * DAYS),
            Line("DynamoDB", "storage", self.stored / GB),
            Line("DynamoDB", "recovery", self._recovered / GB),
            Line("SQS", "queue", self.queued * DAYS),
            Line("CloudWatch", "logs", self.logged * DAYS / GB),
            Line("CloudWatch", "kept logs", self._kept_logs / GB),
            *self._watched,
            *self._keyed,
            Line("Transfer", "transfer", self.sent * DAYS / GB),
        )

    @property
    def dollars(self) -> float:
        """All of it."""
        return sum(line.dollars for line in self.lines)

    @property
    def messages(self) -> float:
        """A day's messages as API Gateway counts them: requests, replies, events; by 32 KB."""
        counts, frames = self.day.actions, math.ceil(self.day.frame / FRAME)
        texts = (2 * counts["sendMessage"] + self.day.heard) * frames
        joins = counts["joinRoom"] * (1 + math.ceil(self.day.page / FRAME))
        others = 2 * (counts["hello"] + counts["ping"]) + self.day.noticed
        return texts + joins + others

    @property
    def invocations(self) -> float:
        """A day's, of all functions."""
        shards = self.day.actions["sendMessage"] * self.day.shards
        return self.day.requests + self._authorized + shards

    @property
    def milliseconds(self) -> float:
        """A day's milliseconds of functions."""
        return sum(self._timed())

    @property
    def gb_seconds(self) -> float:
        """A day's, as Lambda counts them."""
        return self.milliseconds / 1_000 * self.day.settings.memory_mb / 1_024

    @property
    def writes(self) -> float:
        """A day's write request units; a long message takes more than one for its item."""
        more = 2 * (math.ceil((self.day.load.text + ROW) / 1_024) - 1)
        return self._each(lambda action: REQUESTS[action].write_units) + (
            more * self.day.actions["sendMessage"]
        )

    @property
    def reads(self) -> float:
        """A day's read request units: single items, audiences and pages."""
        counts, day = self.day.actions, self.day
        audience = math.ceil((day.others + 1) * PLACE / 4_096)
        members = math.ceil(day.members * PLACE / 4_096)
        page = math.ceil(day.settings.history_page * (day.load.text + ROW) / 4_096)
        return (
            self._each(lambda action: REQUESTS[action].GetItem)
            + counts["sendMessage"] * audience
            + counts["joinRoom"] * (members + page)
            + counts["disconnect: each room"] * members
        )

    @property
    def stored(self) -> float:
        """Bytes of messages: those within their retention, or of a year where they are kept."""
        days = self.day.settings.retention_days or 365
        return self.day.actions["sendMessage"] * days * (self.day.load.text + ROW)

    @property
    def queued(self) -> float:
        """A day's requests to SQS: a shard is sent, received and deleted; and the polling."""
        shards = self.day.actions["sendMessage"] * self.day.shards
        return 3 * shards + _POLLS * 60 * 24

    @property
    def logged(self) -> float:
        """A day's bytes of logs."""
        return self.invocations * LOG_BYTES

    @property
    def sent(self) -> float:
        """A day's bytes to the internet."""
        counts = self.day.actions
        texts = (self.day.heard + counts["sendMessage"]) * self.day.frame
        others = (self.day.noticed + counts["hello"] + counts["ping"]) * ENVELOPE
        return texts + counts["joinRoom"] * self.day.page + others

    @property
    def concurrent(self) -> float:
        """Invocations at once, in the busy hours."""
        return self.milliseconds / 1_000 / self.day.busy_seconds

    @property
    def _watched(self) -> tuple[Line, ...]:
        """What watches, however little there is to be seen."""
        settings = self.day.settings
        lines = (
            Line("CloudWatch", "metric", monitoring.metrics(settings)),
            Line("CloudWatch", "alarm", monitoring.alarm_metrics(settings)),
            Line("CloudWatch", "composite alarm", monitoring.COMPOSITES * settings.alarms),
            Line("CloudWatch", "dashboard", int(settings.dashboard)),
        )
        return tuple(line for line in lines if line.units)

    @property
    def _keyed(self) -> tuple[Line, ...]:
        """A key of the operator's: the month of it, and what DynamoDB and SQS ask of it."""
        if self.day.settings.encryption_key is None:
            return ()
        environments = math.ceil(self.concurrent)
        periods = DAYS * 24 * 60 / _KEY_MINUTES
        requests = periods * (_TABLES * environments + _KEYS_OF_QUEUE)
        return (Line("KMS", "key", 1), Line("KMS", "key requests", requests))

    @property
    def _recovered(self) -> float:
        return self.stored if self.day.settings.point_in_time_recovery else 0.0

    @property
    def _kept_logs(self) -> float:
        return self.logged * self.day.settings.log_retention_days

    @property
    def _authorized(self) -> float:
        guests = isinstance(self.day.settings.identity, Guest)
        return 0.0 if guests else self.day.actions["connect"]

    def _each(self, units: Callable[[str], int]) -> float:
        return sum(n * units(action) for action, n in self.day.actions.items())

    def _timed(self) -> Iterator[float]:
        """Milliseconds a day: starts, waits for the store, and posts."""
        yield self.invocations * START_MS
        yield self._each(lambda action: REQUESTS[action].round_trips) * STORE_MS
        yield self.day.posts * ROUND_MS / width(min(self.day.others, 500))


def width(recipients: float) -> float:
    """Posts under way at once, of so many: as `chat/fanout.py` has it, on one connection each."""
    return max(1.0, min(recipients, 96, max(16, recipients / 8)))
