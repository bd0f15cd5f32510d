"""The chat without AWS: users connect, send frames, and receive replies and events."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chat.dispatch import dispatch
from chat.domain.finished_pushes import FinishedPushes
from chat.domain.identity import Origins
from chat.domain.rate_limit import Rates
from chat.large_rooms.shards import Shard
from chat.logic.shard_delivery import deliver
from chat.ports import Review, Services
from chat.protocol import Limits
from tests.support.fakes.clock_and_push import FakeClock, FakeDeadline, FakeFanOutQueue, FakePush
from tests.support.fakes.connections import FakeVerifier
from tests.support.stores import UNBOUNDED, Stores

Frame = dict[str, Any]

LIMITS = Limits(
    text_length=4000,
    name_length=64,
    room_id_length=64,
    history_page=100,
    history_bytes=100_000,
    rooms_per_connection=50,
    rooms_per_user=100,
    presence=200,
)


def event(kind: str, connection_id: str, **fields: Any) -> dict[str, Any]:
    """Return the event that API Gateway passes to the function for one WebSocket route."""
    context = {"eventType": kind, "connectionId": connection_id, "requestId": "r", "stage": "chat"}
    return {"requestContext": context, "isBase64Encoded": False, **fields}


@dataclass
class Chat:
    """A chat on fakes; the first word of a connection's id is the name of its user.

    `alice` and `alice.phone` are two connections of one user.
    """

    limits: Limits = LIMITS
    guests: bool = True
    origins: Origins = field(default_factory=Origins)
    clock: FakeClock = field(default_factory=FakeClock)
    push: FakePush = field(default_factory=FakePush)
    queue: FakeFanOutQueue = field(default_factory=FakeFanOutQueue)
    deadline: FakeDeadline = field(default_factory=FakeDeadline)
    inline_limit: int = 500
    connections_per_user: int = 20
    verifier: FakeVerifier = field(default_factory=FakeVerifier)
    rates: Rates = UNBOUNDED
    review: Review | None = None
    finished_pushes: FinishedPushes = field(default_factory=FinishedPushes)
    stores: Stores = field(init=False)
    replies: dict[str, list[Frame]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stores = Stores.fake(
            self.clock,
            connections_per_user=self.connections_per_user,
            rooms_per_connection=self.limits.rooms_per_connection,
            rooms_per_user=self.limits.rooms_per_user,
            rates=self.rates,
        )

    @property
    def services(self) -> Services:
        """Return the services that the handlers get."""
        return Services(
            **self.stores.by_port,
            push=self.push,
            fan_out_queue=self.queue,
            clock=self.clock,
            deadline=self.deadline,
            limits=self.limits,
            inline_limit=self.inline_limit,
            presence=self.limits.presence,
            guests=self.guests,
            origins=self.origins,
            review=self.review,
            finished_pushes=self.finished_pushes,
            verifier=self.verifier,
        )

    def connects(self, connection_id: str, **query: str) -> int:
        """Open a connection; return the status of `$connect`."""
        name = connection_id.split(".")[0]
        who = query or {"name": name, "key": f"key-of-{name}".ljust(16, "-")}
        opened = event("CONNECT", connection_id, queryStringParameters=who)
        status: int = dispatch(opened, self.services)["statusCode"]
        return status

    def is_let_in(self, connection_id: str, **authorizer: str) -> int:
        """Open a connection with an authorizer's context; return the status of `$connect`."""
        opened = event("CONNECT", connection_id)
        opened["requestContext"]["authorizer"] = authorizer
        self.replies[connection_id] = []
        status: int = dispatch(opened, self.services)["statusCode"]
        return status

    def says(self, connection_id: str, frame: Mapping[str, Any] | str) -> Frame:
        """Send a frame, over a new connection if there is none; return the reply."""
        if connection_id not in self.replies:
            self.replies[connection_id] = []
            self.connects(connection_id)
        text = frame if isinstance(frame, str) else json.dumps(frame)
        answer = dispatch(event("MESSAGE", connection_id, body=text), self.services)
        reply: Frame = json.loads(answer["body"])
        self.replies[connection_id].append(reply)
        return reply

    def hangs_up(self, connection_id: str) -> None:
        """Close a connection with a `$disconnect`."""
        self.push.closed.add(connection_id)
        dispatch(event("DISCONNECT", connection_id), self.services)

    def vanishes(self, connection_id: str) -> None:
        """Close a connection without a `$disconnect`."""
        self.push.closed.add(connection_id)

    def takes(self, shard: Shard) -> None:
        """Deliver a shard, as the function that takes it from the queue does."""
        deliver(shard.room_id, shard.connection_ids, shard.frame, self.services, tries=shard.tries)

    def heard(self, connection_id: str) -> list[Frame]:
        """Return the events pushed to a connection, oldest first."""
        return [json.loads(frame) for frame in self.push.heard.get(connection_id, [])]

    def user_id(self, connection_id: str) -> str:
        """Return the id of the user of a connection."""
        return self.stores.connections.get(connection_id).member.user_id
