"""Cost of a month: quantities times the prices of `ops/cost/price_list.py`."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chat_stack.settings.identity import Guest
from ops.cost import monitoring
from ops.cost.price_list import PRICES
from ops.cost.requests import REQUESTS
from ops.cost.workload import ENVELOPE_BYTES, SHARD_RECIPIENTS, Day

DAYS_PER_MONTH = 365 / 12
GB = 1024**3
BILLED_FRAME_BYTES = 32 * 1024
"""Bytes of a frame that API Gateway bills as one message."""

# Assumptions, which only a deployment can correct. docs/cost.md describes how to replace them.
INVOCATION_MS = 5.0  # of an invocation, without the time that it waits for DynamoDB and posts
DYNAMODB_MS = 5.0  # of a request to DynamoDB
POST_MS = 10.0  # of a post; many are made at the same time
LOG_BYTES = 1_700  # of an invocation: the function's line, and those of Lambda and API Gateway
AUDIT_BYTES = 300  # of a line of the audit trail: each connection has one
SUBSCRIBER_BYTES = 220  # of a subscriber's item
MESSAGE_BYTES = 350  # of a message's item, without its text

_KEY_MINUTES = 5
"""Minutes for which DynamoDB and SQS keep a data key before they ask KMS again.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-estimate-kms-usage-costs.html
"""
_TABLES = 2
_QUEUE_KEY_REQUESTS = 2 * 3 + 1  # two from each of three senders, and one from the receiver
_POLLS = 3 * 5  # requests per minute to an empty queue: five pollers that wait 20 seconds each


@dataclass(frozen=True, slots=True)
class BillItem:
    """One line of the bill: the units of a price in a month, and the service."""

    service: str
    price: str
    units: float

    @property
    def dollars(self) -> float:
        """Cost of the units."""
        return PRICES[self.price].of(self.units)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of equal days."""

    day: Day

    @property
    def items(self) -> tuple[BillItem, ...]:
        """All lines of the bill, service by service."""
        return (
            BillItem("API Gateway", "messages", self.messages * DAYS_PER_MONTH),
            BillItem(
                "API Gateway",
                "minutes",
                self.day.load.users * self.day.load.hours * 60 * DAYS_PER_MONTH,
            ),
            BillItem("Lambda", "invocations", self.invocations * DAYS_PER_MONTH),
            BillItem("Lambda", self.day.settings.architecture, self.gb_seconds * DAYS_PER_MONTH),
            BillItem("DynamoDB", "writes", self.writes * DAYS_PER_MONTH),
            BillItem("DynamoDB", "reads", self.reads * DAYS_PER_MONTH),
            BillItem("DynamoDB", "storage", self.stored_bytes / GB),
            BillItem("DynamoDB", "recovery", self._recovery_bytes / GB),
            BillItem("SQS", "queue", self.queue_requests * DAYS_PER_MONTH),
            BillItem("CloudWatch", "logs", self.log_bytes * DAYS_PER_MONTH / GB),
            BillItem("CloudWatch", "kept logs", self._stored_log_bytes / GB),
            *self._monitoring,
            *self._encryption,
            BillItem("Transfer", "transfer", self.sent_bytes * DAYS_PER_MONTH / GB),
        )

    @property
    def dollars(self) -> float:
        """Cost of the month in dollars."""
        return sum(item.dollars for item in self.items)

    @property
    def messages(self) -> float:
        """Messages of a day as API Gateway bills them: requests, replies and events, by 32 KB."""
        counts, frames = self.day.actions, math.ceil(self.day.frame_bytes / BILLED_FRAME_BYTES)
        texts = (2 * counts["sendMessage"] + self.day.message_posts) * frames
        joins = counts["joinRoom"] * (1 + math.ceil(self.day.join_bytes / BILLED_FRAME_BYTES))
        others = 2 * (counts["hello"] + counts["ping"]) + self.day.presence_posts
        return texts + joins + others

    @property
    def invocations(self) -> float:
        """Invocations of all functions in a day."""
        shards = self.day.actions["sendMessage"] * self.day.shards
        return self.day.requests + self._authorizer_invocations + shards

    @property
    def milliseconds(self) -> float:
        """Run time of all functions in a day, in milliseconds."""
        return sum(self._times())

    @property
    def gb_seconds(self) -> float:
        """GB-seconds of a day, as Lambda bills them."""
        return self.milliseconds / 1_000 * self.day.settings.memory_mb / 1_024

    @property
    def writes(self) -> float:
        """Write request units of a day. The item of a long message takes more than one."""
        more = 2 * (math.ceil((self.day.load.text + MESSAGE_BYTES) / 1_024) - 1)
        return self._sum(lambda action: REQUESTS[action].write_units) + (
            more * self.day.actions["sendMessage"]
        )

    @property
    def reads(self) -> float:
        """Read request units of a day: single items, subscribers, members and history."""
        counts, day = self.day.actions, self.day
        subscribers = math.ceil((day.others + 1) * SUBSCRIBER_BYTES / 4_096)
        members = math.ceil(day.members * SUBSCRIBER_BYTES / 4_096)
        page = math.ceil(day.settings.history_page * (day.load.text + MESSAGE_BYTES) / 4_096)
        return (
            self._sum(lambda action: REQUESTS[action].GetItem)
            + counts["sendMessage"] * subscribers
            + counts["joinRoom"] * (members + page)
            + counts["disconnect: each room"] * members
        )

    @property
    def stored_bytes(self) -> float:
        """Bytes of the stored messages. If they are never deleted, those of a year."""
        days = self.day.settings.retention_days or 365
        return self.day.actions["sendMessage"] * days * (self.day.load.text + MESSAGE_BYTES)

    @property
    def queue_requests(self) -> float:
        """Requests to SQS in a day: send, receive and delete of each shard, and the polling."""
        shards = self.day.actions["sendMessage"] * self.day.shards
        return 3 * shards + _POLLS * 60 * 24

    @property
    def log_bytes(self) -> float:
        """Bytes of logs in a day."""
        return self.invocations * LOG_BYTES + self.day.actions["connect"] * AUDIT_BYTES

    @property
    def sent_bytes(self) -> float:
        """Bytes to the internet in a day."""
        counts = self.day.actions
        texts = (self.day.message_posts + counts["sendMessage"]) * self.day.frame_bytes
        others = (self.day.presence_posts + counts["hello"] + counts["ping"]) * ENVELOPE_BYTES
        return texts + counts["joinRoom"] * self.day.join_bytes + others

    @property
    def concurrent_invocations(self) -> float:
        """Mean number of concurrent invocations in the busy hours."""
        return self.milliseconds / 1_000 / self.day.busy_seconds

    @property
    def _monitoring(self) -> tuple[BillItem, ...]:
        """Metrics, alarms and the dashboard. Their cost does not depend on the load."""
        settings = self.day.settings
        items = (
            BillItem("CloudWatch", "metric", monitoring.metrics(settings)),
            BillItem("CloudWatch", "alarm", monitoring.alarm_metrics(settings)),
            BillItem(
                "CloudWatch", "composite alarm", monitoring.COMPOSITE_ALARMS * settings.alarms
            ),
            BillItem("CloudWatch", "dashboard", int(settings.dashboard)),
        )
        return tuple(item for item in items if item.units)

    @property
    def _encryption(self) -> tuple[BillItem, ...]:
        """The KMS key of `encryptionKey`, and the requests that DynamoDB and SQS make with it."""
        if self.day.settings.encryption_key is None:
            return ()
        environments = math.ceil(self.concurrent_invocations)
        periods = DAYS_PER_MONTH * 24 * 60 / _KEY_MINUTES
        requests = periods * (_TABLES * environments + _QUEUE_KEY_REQUESTS)
        return (BillItem("KMS", "key", 1), BillItem("KMS", "key requests", requests))

    @property
    def _recovery_bytes(self) -> float:
        return self.stored_bytes if self.day.settings.point_in_time_recovery else 0.0

    @property
    def _stored_log_bytes(self) -> float:
        return self.log_bytes * self.day.settings.log_retention_days

    @property
    def _authorizer_invocations(self) -> float:
        guests = isinstance(self.day.settings.identity, Guest)
        return 0.0 if guests else self.day.actions["connect"]

    def _sum(self, units: Callable[[str], int]) -> float:
        return sum(n * units(action) for action, n in self.day.actions.items())

    def _times(self) -> Iterator[float]:
        """Yield milliseconds of a day: of invocations, requests to DynamoDB, and posts."""
        yield self.invocations * INVOCATION_MS
        yield self._sum(lambda action: REQUESTS[action].round_trips) * DYNAMODB_MS
        yield self.day.posts * POST_MS / parallel_posts(min(self.day.others, SHARD_RECIPIENTS))


def parallel_posts(recipients: float) -> float:
    """Return the posts at the same time, as in `chat/gateway/post_with_retries.py`."""
    return max(1.0, min(recipients, 96, max(16, recipients / 8)))
