"""The Lambda's entry point: builds the real services once, then dispatches."""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from chat import aws, logs
from chat.budget import Budget
from chat.dispatch import dispatch
from chat.handshake import Origins
from chat.ports import Services
from chat.protocol import ID_LENGTH, Limits
from chat.push import GatewayPush
from chat.rooms import DynamoRooms
from chat.times import SystemClock


class Context(Protocol):
    """What is needed of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int:
        """Until the function is ended."""


def build(environment: Mapping[str, str], budget: Budget) -> Services:
    """The services that *environment* describes; a missing variable fails here, at start."""
    clock = SystemClock()
    limits = Limits(
        text_length=int(environment["TEXT_LENGTH"]),
        name_length=int(environment["NAME_LENGTH"]),
        room_id_length=ID_LENGTH,
        history_page=int(environment["HISTORY_PAGE"]),
        history_bytes=int(environment["HISTORY_BYTES"]),
        rooms_per_connection=int(environment["ROOMS_PER_CONNECTION"]),
        presence=int(environment["PRESENCE"]),
    )
    rooms = DynamoRooms(
        aws.dynamodb(budget),
        connections_table=environment["CONNECTIONS_TABLE"],
        rooms_table=environment["ROOMS_TABLE"],
        clock=clock,
        rooms_per_connection=limits.rooms_per_connection,
        retention=timedelta(days=int(environment["RETENTION_DAYS"])) or None,
    )
    push = GatewayPush(
        environment["CALLBACK_URL"],
        region=environment["AWS_REGION"],
        credentials=aws.credentials,
    )
    origins = Origins(
        frozenset(environment["ORIGINS"].split()), required=environment["ORIGIN_REQUIRED"] == "true"
    )
    guests = environment["IDENTITY"] == "guest"
    return Services(rooms, push, clock, limits, guests=guests, origins=origins)


logs.configure(os.environ["LOG_LEVEL"])
_budget = Budget()
_services = build(os.environ, _budget)


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """What Lambda calls, once an event."""
    _budget.start(context.get_remaining_time_in_millis())
    return dispatch(event, _services)
