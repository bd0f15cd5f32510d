"""A chat with its stores on DynamoDB that counts its DynamoDB requests."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from chat.domain.rate_limit import Rates
from tests.support.dynamodb import make_table
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Chat, Frame
from tests.support.stores import UNBOUNDED, Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


TEA = {"roomId": "tea"}


class CountedChat(Chat):
    """A chat with its stores on DynamoDB that counts its requests to DynamoDB by operation."""

    def __init__(
        self, client: "DynamoDBClient", clock: FakeClock, *, rates: Rates = UNBOUNDED
    ) -> None:
        super().__init__(clock=clock)
        self._client = client
        self.calls: Counter[str] = Counter()
        self.tables = (make_table(client), make_table(client))
        self.stores = Stores.dynamo(client, clock, tables=self.tables, rates=rates)
        client.meta.events.register("before-call.dynamodb", self._count)

    def _count(self, model: Any, **_: Any) -> None:
        self.calls[model.name] += 1

    def fill_tea_room(self, count: int) -> None:
        """Add subscribers of other users to the tea room, without their connections."""
        expires_at = int(self.clock.now().timestamp()) + 3_600
        items = [
            {
                "pk": {"S": "ROOM#tea"},
                "sk": {"S": f"CONNECTION#{n:015d}="},
                "userId": {"S": f"guest-{n:032d}"},
                "name": {"S": f"guest {n}"},
                "joinedAt": {"S": "2026-01-01T00:00:00.000Z"},
                "expiresAt": {"N": str(expires_at)},
            }
            for n in range(count)
        ]
        for start in range(0, len(items), 25):
            puts: Any = [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]
            self._client.batch_write_item(RequestItems={self.tables[0]: puts})

    def cost(self, who: str, frame: Frame) -> dict[str, int]:
        """Return the requests that one frame of a connected client causes."""
        if who not in self.replies:
            self.says(who, {"action": "ping"})
        self.calls.clear()
        reply = self.says(who, frame)
        assert reply["type"] != "error", reply
        return dict(self.calls)
