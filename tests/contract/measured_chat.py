"""A chat on moto that measures what things take of DynamoDB."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chat.config import Environment, read_rates
from chat.domain.identity import Identity
from chat.domain.rate_limit import Rate
from chat.dynamodb import item_keys
from chat.dynamodb.table import pack
from chat_stack.settings.environment import chat_variables
from chat_stack.settings.settings import Settings
from tests.contract.counted_chat import TEA, CountedChat
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Frame
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TRANSACTED = "transacted"
"""Among the requests: the items that their transactions write."""

_DEFAULTS = read_rates(Environment(chat_variables(Settings(stage_name="test"))))
MOST_AT_ONCE = 4
RATES = replace(
    _DEFAULTS, connection={**_DEFAULTS.connection, "messages": Rate(1, 1, MOST_AT_ONCE)}
)
"""What every environment has unless it says otherwise; but a few messages are a flood."""

Price = Mapping[str, int]
"""Requests by operation, in the order in which they came first."""


class MeasuredChat(CountedChat):
    """Counts requests and what transactions write, and sees to it that reads are consistent."""

    def __init__(self, client: "DynamoDBClient", clock: FakeClock) -> None:
        super().__init__(client, clock, rates=RATES)
        self._client = client
        self.operations = set[tuple[str, str]]()
        """Each operation that was called, after the name of its table."""
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
        named = {it["TableName"] for it in (params, *writes) if "TableName" in it}
        named |= set(params.get("RequestItems", ()))
        names = dict(zip(self.tables, ("Connections", "Rooms"), strict=True))
        # The client is shared with the chats of other tests, which have their own tables.
        return {names[table] for table in named if table in names}

    def taken_by(self, act: Callable[[], object]) -> Price:
        """What it takes to do something."""
        self.calls.clear()
        act()
        return dict(self.calls)

    def price(self, who: str, action: str, *, to: str | None = None, **fields: Any) -> Price:
        """What an answer in the tea room takes, to somebody who is connected."""
        self.does(who, "ping", roomId=None)
        frame = self._frame(action, to, fields)
        reply: list[Frame] = []
        price = self.taken_by(lambda: reply.append(self.says(who, frame)))
        assert reply[0]["type"] != "error", reply
        return price

    def does(self, who: str, action: str, *, to: str | None = None, **fields: Any) -> Frame:
        """The answer to somebody in the tea room, which is no error; *to* is a user by name."""
        reply = self.says(who, self._frame(action, to, fields))
        assert reply["type"] != "error", reply
        return reply

    def _frame(self, action: str, to: str | None, fields: Frame) -> Frame:
        user = {"userId": self._id_of(to)} if to else {}
        given = {**TEA, **user, **fields}
        return {"action": action, **{key: it for key, it in given.items() if it is not None}}

    def _id_of(self, name: str) -> str:
        """The id of a guest, who is connected from then on."""
        if name not in self.replies:
            self.does(name, "ping", roomId=None)
        return self.user_id(name)

    def come(self, *names: str, **room: str) -> None:
        """They join the tea room, or another."""
        for name in names:
            self.does(name, "joinRoom", **room)

    def signs_in(self, who: str, *, minutes: float) -> None:
        """Somebody connects with a token, and has another one for an hour."""
        name = who.split(".")[0]
        user = {"userId": f"u-{name}", "name": name, "tokenId": f"{name}'s first"}
        end = str(int((self.clock.now() + timedelta(minutes=minutes)).timestamp()))
        assert self.is_let_in(who, **user, expiresAt=end) == 200
        token, later = f"{name}'s", self.clock.now() + timedelta(hours=1)
        self.verifier.good[token] = Identity(user["userId"], name, later, token_id=token)

    def forgets(self) -> None:
        """Go on in an environment of the function that remembers nothing."""
        self.stores = Stores.dynamo(self._client, self.clock, tables=self.tables, rates=RATES)

    def marks_room(self, **marks: int | str) -> None:
        """Let the tea room's item say something more."""
        self._client.update_item(
            TableName=self.tables[1],
            Key=pack(item_keys.room_key("tea")),
            UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in marks),
            ExpressionAttributeValues=pack({f":{name}": it for name, it in marks.items()}),
        )

    def opened(self, who: str) -> Price:
        """What a handshake takes."""
        self.replies[who] = []
        return self.taken_by(lambda: self.connects(who))

    def closed(self, who: str, *rooms: Frame) -> Price:
        """What it takes to hang up, in rooms or in none."""
        self.opened(who)
        for room in rooms:
            self.come(who, **room)
        return self.taken_by(lambda: self.hangs_up(who))


def difference(more: Price, less: Price) -> Price:
    """What the one takes beside the other."""
    left = Counter(more)
    left.subtract(less)
    return {name: count for name, count in left.items() if count}
