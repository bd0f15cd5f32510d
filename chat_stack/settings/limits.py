"""Settings of the stack's location, of limits, and of rate limits."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from chat_stack.settings.types import Account, Burst, Natural, PerMinute, PerSecond, Region, doc


class Location(Struct, frozen=True, kw_only=True, rename="camel"):
    """Account, region, tags, and the name of the stage."""

    stage_name: Annotated[
        str,
        Meta(pattern="^[A-Za-z0-9_-]{1,128}$"),
        doc("Name of the WebSocket API's stage, and the last part of its URL.", section="Location"),
    ]
    account: Annotated[
        Account | None, doc("AWS account. Without it, that of the deploying credentials.")
    ] = None
    region: Annotated[
        Region | None, doc("AWS region. Without it, that of the deploying credentials.")
    ] = None
    tags: Annotated[Mapping[str, str], doc("Tags of every resource that supports tags.")] = {}


class Limits(Location, frozen=True, kw_only=True, rename="camel"):
    """Limits of messages, rooms and users, and rate limits.

    The settings are a chain of structs: msgspec cannot combine two structs that have fields.
    """

    text_length: Annotated[
        int, Meta(ge=1, le=30_000), doc("Characters of a message's text.", section="Limits")
    ] = 4_000  # a frame has at most 128 KB
    name_length: Annotated[
        int, Meta(ge=1, le=256), doc("Characters of the name of a user or a room.")
    ] = 64
    history_page: Annotated[
        int, Meta(ge=1, le=1_000), doc("Messages on a page of history, at most.")
    ] = 100
    history_bytes: Annotated[
        int, Meta(ge=1_000, le=120_000), doc("Bytes of a page of history, at most.")
    ] = 100_000
    rooms_per_connection: Annotated[
        int, Meta(ge=1, le=500), doc("Rooms that a connection may have joined at the same time.")
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
        doc(
            "Users in a room up to which joins and leaves are announced, and member lists are "
            "complete. They may have four times as many connections."
        ),
    ] = 200
    inline_limit: Annotated[
        int,
        Meta(ge=1, le=10_000),
        doc("Recipients up to which the sender's own request posts. Above it, the queue is used."),
    ] = 500

    connection_message_rate: Annotated[
        PerSecond,
        doc(
            "Messages a second of a connection, sustained. Changes of a room and its members have "
            "the same limit, counted apart. 0 sets no limit.",
            section="Rate limits",
        ),
    ] = 5
    connection_message_burst: Annotated[
        Burst, doc("Messages of a connection that may come at once.")
    ] = 20
    user_message_rate: Annotated[
        PerSecond,
        doc("Messages a second of a user over all their connections. 0 sets no limit."),
    ] = 10
    user_message_burst: Annotated[Burst, doc("Messages of a user that may come at once.")] = 40
    connection_joins_per_minute: Annotated[
        PerMinute,
        doc(
            "Joins, created rooms and invitations a minute of a connection. As many may come at "
            "once. 0 sets no limit."
        ),
    ] = 120
    user_joins_per_minute: Annotated[
        PerMinute,
        doc(
            "Joins, created rooms and invitations a minute of a user. As many may come at once. "
            "0 sets no limit."
        ),
    ] = 360
    connection_read_rate: Annotated[
        PerSecond,
        doc(
            "Reads a second of a connection: history, lists and the like. Each Lambda environment "
            "counts its own. 0 sets no limit."
        ),
    ] = 5
    connection_read_burst: Annotated[Burst, doc("Reads of a connection that may come at once.")] = (
        120
    )
    user_read_rate: Annotated[
        PerSecond, doc("Reads a second of a user over all their connections. 0 sets no limit.")
    ] = 10
    user_read_burst: Annotated[Burst, doc("Reads of a user that may come at once.")] = 240
    connection_request_rate: Annotated[
        PerSecond,
        doc(
            "Frames a second of a connection, of any kind. Each Lambda environment counts its own. "
            "0 sets no limit."
        ),
    ] = 20
    connection_request_burst: Annotated[
        Burst, doc("Frames of a connection that may come at once.")
    ] = 200
    user_request_rate: Annotated[
        PerSecond,
        doc("Frames a second of a user over all their connections, of any kind. 0 sets no limit."),
    ] = 60
    user_request_burst: Annotated[Burst, doc("Frames of a user that may come at once.")] = 600
    user_requests_per_day: Annotated[
        int,
        Meta(ge=0, le=10_000_000),
        doc(
            "Messages, joins, changes and reads of a user in a day. As many may come at once, and "
            "the rest of the day adds as many again. 0 sets no limit."
        ),
    ] = 50_000
    user_strike_rate: Annotated[
        PerSecond,
        doc(
            "Rate-limit violations a second that a user may cause. If a user causes more, all "
            "their connections are closed. 0 disables disconnecting."
        ),
    ] = 5
    user_strike_burst: Annotated[
        Burst, doc("Rate-limit violations of a user at once, before they are disconnected.")
    ] = 100
    user_cooldown_seconds: Annotated[
        int,
        Meta(ge=1, le=3_600),
        doc("Seconds in which a user who was disconnected can open no connection."),
    ] = 300
    throttle_rate: Annotated[
        Natural, doc("Requests a second of all clients together, as API Gateway counts them.")
    ] = 1_000
    throttle_burst: Annotated[
        Natural, doc("Requests of all clients together that may come at once.")
    ] = 1_000
