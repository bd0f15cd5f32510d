"""Requests to DynamoDB of each action, held by `tests/contract/test_estimated_requests.py`."""

from collections.abc import Mapping
from typing import NamedTuple


class Requests(NamedTuple):
    """Number of requests by kind. Reads are strongly consistent, and items have at most 1 KB."""

    GetItem: int = 0
    Query: int = 0
    PutItem: int = 0
    UpdateItem: int = 0
    DeleteItem: int = 0
    TransactWriteItems: int = 0
    transacted: int = 0
    """Number of items in the transactions."""

    @property
    def calls(self) -> dict[str, int]:
        """Number of calls by operation."""
        return {name: n for name, n in self._asdict().items() if n and name != "transacted"}

    @property
    def round_trips(self) -> int:
        """Number of calls, which are made one after the other."""
        return sum(self.calls.values())

    @property
    def write_units(self) -> int:
        """Number of write request units. An item of a transaction takes two."""
        return self.PutItem + self.UpdateItem + self.DeleteItem + 2 * self.transacted


REQUESTS: Mapping[str, Requests] = {
    "connect": Requests(TransactWriteItems=1, transacted=4),
    "hello": Requests(GetItem=1),
    "ping": Requests(),
    "createRoom": Requests(UpdateItem=2, TransactWriteItems=1, transacted=8),
    "joinRoom": Requests(GetItem=2, Query=2, UpdateItem=2, TransactWriteItems=1, transacted=5),
    "sendMessage": Requests(Query=1, UpdateItem=2, TransactWriteItems=1, transacted=3),
    "getHistory": Requests(GetItem=2, Query=1),
    "leaveRoom": Requests(GetItem=1, Query=1, TransactWriteItems=1, transacted=2),
    "disconnect": Requests(GetItem=1, UpdateItem=1, DeleteItem=1),
    "disconnect: each room": Requests(DeleteItem=1, Query=1),
}
"""Requests by action, for public rooms and messages with a `clientMessageId`.

A public room has one item more than a private room.
"""
