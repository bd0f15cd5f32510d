"""A chat with its stores on DynamoDB that measures the DynamoDB requests of each action."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chat.config import read_rates
from chat.domain.identity import Identity
from chat.domain.rate_limit import Rate
from chat.dynamodb import item_keys
from chat.dynamodb.table import pack
from chat.variable_parser import Environment
from chat_stack.settings.environment import chat_variables
from chat_stack.settings.settings import Settings
from tests.contract.counted_chat import TEA, CountedChat
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Frame
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TRANSACTED = "transacted"
"""The key, among the requests, of the number of items that their transactions write."""

_DEFAULTS = read_rates(Environment(chat_variables(Settings(stage_name="test"))))
MESSAGE_BURST = 4
RATES = replace(
    _DEFAULTS, connection={**_DEFAULTS.connection, "messages": Rate(1, 1, MESSAGE_BURST)}
)
"""The default rates of every environment, but the limit is reached after a few messages."""

Price = Mapping[str, int]
"""Requests by operation, in the order of the first request of each."""


class MeasuredChat(CountedChat):
    """A chat that counts requests and transaction items.

    It also asserts that every read is consistent.
    """

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        super().__init__(client, clock, rates=RATES)
        self.operations = set[tuple[str, str]]()
        """Each operation that was called, as (table name, operation)."""
        client.meta.events.register("before-parameter-build.dynamodb", self._measure)

    def _measure(self, model: Any, params: Mapping[str, Any], **_: Any) -> None:
        self.operations.update((name, model.name) for name in self._tables_of(params))
        if "TransactItems" in params:
            self.calls[TRANSACTED] += len(params["TransactItems"])
        if model.name in {"GetItem", "Query"} and "IndexName" not in params:
            assert params["ConsistentRead"] is True

    def _tables_of(self, params: Mapping[str, Any]) -> set[str]:
        """Return the tables of a request: Connections, Rooms or both."""
        writes = [next(iter(write.values())) for write in params.get("TransactItems", ())]
        tables = {it["TableName"] for it in (params, *writes) if "TableName" in it}
        tables |= set(params.get("RequestItems", ()))
        names = dict(zip(self.tables, ("Connections", "Rooms"), strict=True))
        # The client is shared with the chats of other tests, which have their own tables.
        return {names[table] for table in tables if table in names}

    def requests_of(self, act: Callable[[], object]) -> Price:
        """Return the requests of *act*."""
        self.calls.clear()
        act()
        return dict(self.calls)

    def price(self, who: str, action: str, *, to: str | None = None, **fields: Any) -> Price:
        """Return the requests of an action of a connected user in the tea room."""
        self.request(who, "ping", roomId=None)
        frame = self._frame(action, to, fields)
        reply: list[Frame] = []
        price = self.requests_of(lambda: reply.append(self.says(who, frame)))
        assert reply[0]["type"] != "error", reply
        return price

    def request(self, who: str, action: str, *, to: str | None = None, **fields: Any) -> Frame:
        """Return the reply to an action in the tea room, and assert that it is no error.

        *to* is the name of the user that the action affects.
        """
        reply = self.says(who, self._frame(action, to, fields))
        assert reply["type"] != "error", reply
        return reply

    def _frame(self, action: str, to: str | None, fields: Frame) -> Frame:
        user = {"userId": self._id_of(to)} if to else {}
        frame = {**TEA, **user, **fields}
        return {"action": action, **{key: it for key, it in frame.items() if it is not None}}

    def _id_of(self, name: str) -> str:
        """Return the id of a guest. Connect the guest if necessary."""
        if name not in self.replies:
            self.request(name, "ping", roomId=None)
        return self.user_id(name)

    def join(self, *names: str, **room: str) -> None:
        """Join the users *names* to the tea room, or to another room."""
        for name in names:
            self.request(name, "joinRoom", **room)

    def sign_in(self, who: str, *, minutes: float) -> None:
        """Connect *who* with a token, and register a second token that is valid for an hour."""
        name = who.split(".")[0]
        user = {"userId": f"u-{name}", "name": name, "tokenId": f"{name}'s first"}
        end = str(int((self.clock.now() + timedelta(minutes=minutes)).timestamp()))
        assert self.is_let_in(who, **user, expiresAt=end) == 200
        token, later = f"{name}'s", self.clock.now() + timedelta(hours=1)
        self.verifier.good[token] = Identity(user["userId"], name, later, token_id=token)

    def start_new_environment(self) -> None:
        """Continue in a new environment of the function, with empty caches."""
        self.stores = Stores.dynamo(self._client, self.clock, tables=self.tables, rates=RATES)

    def set_room_attributes(self, **marks: int | str) -> None:
        """Add attributes to the item of the tea room."""
        self._client.update_item(
            TableName=self.tables[1],
            Key=pack(item_keys.room_key("tea")),
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in marks),
            ExpressionAttributeValues=pack({f":{name}": it for name, it in marks.items()}),
        )

    def opened(self, who: str) -> Price:
        """Return the requests of a handshake."""
        self.replies[who] = []
        return self.requests_of(lambda: self.connects(who))

    def closed(self, who: str, *rooms: Frame) -> Price:
        """Return the requests of a disconnection of a client that is in *rooms*."""
        self.opened(who)
        for room in rooms:
            self.join(who, **room)
        return self.requests_of(lambda: self.hangs_up(who))


def difference(more: Price, less: Price) -> Price:
    """Return the requests of *more* that *less* does not have."""
    left = Counter(more)
    left.subtract(less)
    return {name: count for name, count in left.items() if count}
