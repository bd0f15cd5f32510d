"""Settings of where a chat is, and of how much of it there may be."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from chat_stack.settings.types import (
    Account,
    Burst,
    Natural,
    PerMinute,
    PerSecond,
    Region,
    doc,
)


class Where(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The account, the region, and the name of the stage."""

    stage_name: Annotated[
        str,
        Meta(pattern="^[A-Za-z0-9_-]{1,128}$"),
        doc("Of the WebSocket API, and the end of its URL.", section="Where"),
    ]
    account: Annotated[Account | None, doc("That it is deployed to; none is whoever deploys.")] = (
        None
    )
    region: Annotated[Region | None, doc("That it is deployed to; none is whoever deploys.")] = None
    tags: Annotated[Mapping[str, str], doc("On every resource that takes some.")] = {}


class Limits(Where, frozen=True, kw_only=True, rename="camel"):
    """Of messages, rooms and people; and how fast they may be.

    In a line, not side by side: structs with fields cannot be combined.
    """

    text_length: Annotated[
        int, Meta(ge=1, le=30_000), doc("Characters of a message.", section="Limits")
    ] = 4_000  # a frame is 128 KB
    name_length: Annotated[
        int, Meta(ge=1, le=256), doc("Characters of a person's or a room's name.")
    ] = 64
    history_page: Annotated[
        int, Meta(ge=1, le=1_000), doc("Messages of a page of history, at most.")
    ] = 100
    history_bytes: Annotated[
        int, Meta(ge=1_000, le=120_000), doc("Bytes of a page of history, at most.")
    ] = 100_000
    rooms_per_connection: Annotated[
        int, Meta(ge=1, le=500), doc("Rooms that a connection may be in at the same time.")
    ] = 50
    connections_per_user: Annotated[
        int, Meta(ge=1, le=1_000), doc("Connections that a user may have open.")
    ] = 20
    rooms_per_user: Annotated[
        int, Meta(ge=1, le=100_000), doc("Rooms that a user may have created.")
    ] = 100
    presence: Annotated[
        int,
        Meta(ge=0, le=10_000),
        doc("Members of a room up to which they hear who comes and goes, and are listed whole."),
    ] = 200
    inline_limit: Annotated[
        int,
        Meta(ge=1, le=10_000),
        doc("Recipients up to which the sender's own request posts; above, the queue does."),
    ] = 500

    connection_message_rate: Annotated[
        PerSecond,
        doc("Messages a second of a connection, for ever; 0 is any.", section="Rates"),
    ] = 5
    connection_message_burst: Annotated[Burst, doc("Messages of a connection at once.")] = 20
    user_message_rate: Annotated[
        PerSecond, doc("Messages a second of a user, over all their connections; 0 is any.")
    ] = 10
    user_message_burst: Annotated[Burst, doc("Messages of a user at once.")] = 40
    connection_joins_per_minute: Annotated[
        PerMinute,
        doc("Joins, creations of rooms and invitations of a connection, and so many at once."),
    ] = 120
    user_joins_per_minute: Annotated[
        PerMinute, doc("Joins, creations of rooms and invitations of a user, and so many at once.")
    ] = 360
    connection_request_rate: Annotated[
        PerSecond, doc("Frames a second of any kind of a connection, as one instance counts them.")
    ] = 20
    connection_request_burst: Annotated[Burst, doc("Frames of a connection at once.")] = 200
    user_refusal_rate: Annotated[
        PerSecond,
        doc(
            "Refusals for speed that a user may go on with, a second. Who does not stop has all "
            "their connections closed; 0 closes nobody's."
        ),
    ] = 5
    user_refusal_burst: Annotated[Burst, doc("Refusals of a user at once, before that.")] = 100
    user_rest_seconds: Annotated[
        int, Meta(ge=1, le=3_600), doc("For how long who was cut off opens no connection.")
    ] = 300
    throttle_rate: Annotated[
        Natural, doc("Requests a second of everybody together, as API Gateway counts them.")
    ] = 1_000
    throttle_burst: Annotated[Natural, doc("Requests of everybody at once.")] = 1_000
