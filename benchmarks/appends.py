"""Appending of messages to a room, by its number of writers: the writer against two steps.

DynamoDB runs in this process, with latencies that are typical on AWS. A transaction holds its
items for half of its time, and a write to such an item meets a conflict.
"""

import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chat.domain.clock import SystemClock
from chat.domain.connection import Connection
from chat.dynamodb.message_writer import MessageWriter
from chat.dynamodb.table import Table
from chat.protocol import Member, Message, SendMessage
from tests.support.dynamodb import make_table
from tests.support.in_process import dynamodb_in_process
from tests.support.stores import Stores

SECONDS_OF = {"get_item": 0.004, "update_item": 0.005, "transact_write_items": 0.010}
"""The assumed time of each request that appending makes."""

ALICE = Member(user_id="u-alice", name="Alice")


@dataclass(frozen=True, slots=True)
class Load:
    """Messages a second to one room, by so many environments of the function."""

    environments: int
    rate: float


LOADS = (Load(1, 5), Load(3, 1), Load(3, 5), Load(10, 10), Load(10, 20), Load(20, 40), Load(40, 80))


@dataclass(frozen=True, slots=True)
class Appends:
    """The measured requests and times of appending."""

    messages: int
    requests: float
    """Requests a message."""
    conflicts: int
    p50: float
    p95: float


class TwoSteps(MessageWriter):
    """A writer that always takes the seq first."""

    def append(self, request: SendMessage, *, sender: Member) -> Message:
        """Write a message in two steps."""
        return self._append_in_steps(request, sender)


class SlowDynamoDB:
    """A DynamoDB client with latencies and conflicts."""

    def __init__(self, client: Any) -> None:
        self.calls = Counter[str]()
        self.exceptions = client.exceptions
        self._client = client
        self._held = set[str]()
        self._lock = threading.Lock()

    def get_item(self, **params: Any) -> Any:
        """Read an item."""
        return self._slowly("get_item", params, [])

    def update_item(self, **params: Any) -> Any:
        """Change an item."""
        return self._slowly("update_item", params, [params])

    def transact_write_items(self, **params: Any) -> Any:
        """Write items in a transaction."""
        writes = [next(iter(write.values())) for write in params["TransactItems"]]
        return self._slowly("transact_write_items", params, writes)

    def _slowly(self, name: str, params: Any, writes: Sequence[Any]) -> Any:
        self.calls[name] += 1
        keys = {str(write.get("Key") or write["Item"]["sk"]) for write in writes}
        time.sleep(SECONDS_OF[name] / 4)
        with self._lock:
            if keys & self._held:
                self.calls["conflicts"] += 1
                raise self._conflict(name)
            held = keys if name == "transact_write_items" else set[str]()
            self._held |= held
        try:
            time.sleep(SECONDS_OF[name] / 2)
            return getattr(self._client, name)(**params)
        finally:
            with self._lock:
                self._held -= held
            time.sleep(SECONDS_OF[name] / 4)

    def _conflict(self, name: str) -> Exception:
        if name == "update_item":
            code: Any = {"Error": {"Code": "TransactionConflictException"}}
            conflict: Exception = self.exceptions.TransactionConflictException(code, name)
            return conflict
        code = {
            "Error": {"Code": "TransactionCanceledException"},
            "CancellationReasons": [{"Code": "TransactionConflict"}],
        }
        cancelled: Exception = self.exceptions.TransactionCanceledException(code, name)
        return cancelled


def measure_appends(
    load: Load, make_writer: Callable[..., MessageWriter], *, seconds: float
) -> Appends:
    """Return what appending costs while messages come at random times."""
    client, clock = dynamodb_in_process(), SystemClock()
    tables = make_table(client), make_table(client)
    stores = Stores.dynamo(client, clock, tables=tables)
    alice = Connection("a1=", ALICE, clock.now())
    stores.handshakes.open(alice)
    stores.room_transactions.create_room("tea", "Tea", creator=alice)
    slow: Any = SlowDynamoDB(client)
    table = Table(slow, tables[1])
    writers = [make_writer(table, clock=clock, retention=None) for _ in range(load.environments)]
    times = _send(writers, rate=load.rate, seconds=seconds)
    percentiles = statistics.quantiles(times, n=20)
    requests = sum(slow.calls[name] for name in SECONDS_OF)
    return Appends(
        len(times), requests / len(times), slow.calls["conflicts"], percentiles[9], percentiles[18]
    )


def _send(writers: Sequence[MessageWriter], *, rate: float, seconds: float) -> Sequence[float]:
    """Send messages through whichever writer is free; return the seconds of each."""
    chance = random.Random(1)  # noqa: S311 - the same times for each writer
    free, times, threads = [*writers], list[float](), list[threading.Thread]()

    def send(writer: MessageWriter, n: int) -> None:
        began = time.perf_counter()
        request = SendMessage(room_id="tea", text="hi", client_message_id=f"m{n}")
        writer.append(request, sender=ALICE)
        times.append(time.perf_counter() - began)
        free.append(writer)

    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        time.sleep(chance.expovariate(rate))
        if free:
            writer = free.pop(chance.randrange(len(free)))
            threads.append(threading.Thread(target=send, args=(writer, len(threads))))
            threads[-1].start()
    for thread in threads:
        thread.join()
    return times
