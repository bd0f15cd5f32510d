"""Measurements of the request costs of connections, messages and rate limits.

If a number changes on purpose, change only docs/architecture/request-costs.md. Add a new row both
here and in that document.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from chat.dynamodb.messages import DynamoMessages
from chat.logic import closing
from chat.review.review import HookReview
from tests.contract.counted_chat import TEA
from tests.contract.measured_chat import MESSAGE_BURST, MeasuredChat, Price, difference
from tests.support.fakes.review import FakeHook

Row = Callable[[MeasuredChat], Price]
"""A function that measures one row. Alice owns the public tea room and has joined it."""

MESSAGE = {"action": "sendMessage", **TEA, "text": "hi"}
LONG_AGO = "2025-01-01T00:00:00.000Z"
STRIKE_BATCH = 5
"""Strikes of a connection that are counted in one batch."""


def action_row(who: str, action: str, **fields: Any) -> Row:
    """Return the row of a single action of the connected user *who*."""
    return lambda tea: tea.price(who, action, **fields)


def opened_at_the_limit(tea: MeasuredChat, *, hours: float) -> Price:
    """Return the requests of a handshake if the user has the most connections, *hours* old."""
    for n in range(20):
        tea.opened(f"bob.{n}")
    tea.clock.advance(hours=hours)
    return tea.opened("bob.more")


def closed_in_a_room(tea: MeasuredChat) -> Price:
    return difference(tea.closed("bob", TEA), tea.closed("carol"))


def renewed(tea: MeasuredChat, who: str = "bob", *, rooms: int = 0) -> Price:
    tea.sign_in(who, minutes=30)
    for n in range(rooms):
        tea.request("alice", "createRoom", roomId=f"{who}-{n}")
        tea.join(who, roomId=f"{who}-{n}")
    return tea.price(who, "renew", roomId=None, token=f"{who}'s")


def renewed_in_a_room(tea: MeasuredChat) -> Price:
    return difference(renewed(tea, "bob", rooms=2), renewed(tea, "carol", rooms=1))


def renewed_again(tea: MeasuredChat, who: str = "bob", *, rooms: int = 0) -> Price:
    """Return the requests of `renew` with a token that has renewed the connection already."""
    renewed(tea, who, rooms=rooms)
    return tea.price(who, "renew", roomId=None, token=f"{who}'s")


def renewed_again_in_a_room(tea: MeasuredChat) -> Price:
    return difference(renewed_again(tea, "bob", rooms=2), renewed_again(tea, "carol", rooms=1))


def signed_out(tea: MeasuredChat, who: str = "bob", *, tabs: int = 0) -> Price:
    """Return the requests of `signOut` if *tabs* more connections have the same token."""
    for each in (who, *(f"{who}.{n}" for n in range(tabs))):
        tea.sign_in(each, minutes=30)
    return tea.price(who, "signOut", roomId=None)


def signed_out_with_a_tab(tea: MeasuredChat) -> Price:
    return difference(signed_out(tea, "carol", tabs=1), signed_out(tea))


def expired_closed(tea: MeasuredChat, *, ended: int = 0) -> Price:
    for n in range(ended):
        tea.sign_in(f"bob{n}", minutes=1)
    tea.clock.advance(minutes=2)
    return tea.requests_of(lambda: closing.close_expired(tea.services))


def expired_one_more(tea: MeasuredChat) -> Price:
    return difference(expired_closed(tea, ended=2), expired_closed(tea, ended=1))


def expired_that_cannot_be_closed(tea: MeasuredChat) -> Price:
    """Return the requests of a connection that cannot be closed."""
    nothing_to_close = expired_closed(tea)
    tea.push.stuck = {"bob0"}
    return difference(expired_closed(tea, ended=1), nothing_to_close)


def joined_by_invite(tea: MeasuredChat) -> Price:
    den = {
        "roomId": tea.request("alice", "createRoom", roomId=None, visibility="private")["room"][
            "roomId"
        ]
    }
    invite = tea.request("alice", "createInvite", **den)["invite"]
    return tea.price("bob", "joinRoom", invite=invite, **den)


def joined_again(tea: MeasuredChat) -> Price:
    tea.join("bob")
    return tea.price("bob", "joinRoom")


def joined_large_room(tea: MeasuredChat, *, seconds: float) -> Price:
    """Return the requests of a join to a large room, *seconds* after the last count.

    A room with two subscribers is large here.
    """
    tea.limits = replace(tea.limits, presence=1)
    tea.join("bob", "carol")
    tea.clock.advance(seconds=seconds)
    return tea.price("dave", "joinRoom")


def joined_with_surplus(tea: MeasuredChat) -> Price:
    """Return the requests that a surplus connection adds to a join.

    A room may have four connections of a single user here.
    """
    tea.limits = replace(tea.limits, presence=1)
    tea.join("alice.1", "alice.2")
    full = tea.price("alice.3", "joinRoom")
    return difference(tea.price("alice.4", "joinRoom"), full)


def resumed(tea: MeasuredChat, *, missed: int = 0, **attributes: int | str) -> Price:
    """Return the requests of a resume beyond those of a join.

    The item of the room gets *attributes*.
    """
    if attributes:
        tea.set_room_attributes(**attributes)
    seen = tea.request("alice", "sendMessage", text="hi")["message"]["seq"]
    epoch = tea.request("bob", "joinRoom")["room"]["epoch"]
    tea.request("bob", "leaveRoom")
    for _ in range(missed):
        tea.request("alice", "sendMessage", text="hi")
    back = tea.price("bob", "joinRoom", after=seen, epoch=epoch)
    tea.request("bob", "leaveRoom")
    return difference(back, tea.price("bob", "joinRoom"))


def left(tea: MeasuredChat) -> Price:
    tea.join("bob")
    return tea.price("bob", "leaveRoom")


def said(tea: MeasuredChat, *, times: int = 1, review: bool = False, **fields: str) -> Price:
    """Return the requests of the last of *times* messages, after another message."""
    tea.request("alice", "sendMessage", text="hi")
    if review:
        tea.review = HookReview(FakeHook(), failure="closed", text_length=4_000)
    for _ in range(times - 1):
        tea.request("alice", "sendMessage", text="hi", **fields)
    return tea.price("alice", "sendMessage", text="hi", **fields)


def said_in_busy_room(tea: MeasuredChat, *, times: int = 1, **fields: Any) -> Price:
    """Return the requests of the last of *times* messages, if others write at the same time."""
    assert isinstance(tea.stores.messages, DynamoMessages)
    tea.stores.messages.writer.mark_busy("tea")
    return said(tea, times=times, **fields)


def said_first(tea: MeasuredChat) -> Price:
    """Return the requests of a message that is the first of its process in the room."""
    tea.start_new_environment()
    return tea.price("alice", "sendMessage", text="hi")


def rate_limited(tea: MeasuredChat, **fields: str) -> Price:
    """Return the requests of a message after the burst is used up."""
    for n in range(MESSAGE_BURST):
        tea.request("alice", "sendMessage", text="hi", clientMessageId=f"m{n}")
    return tea.requests_of(lambda: tea.says("alice", {**MESSAGE, **fields}))


def counted_strikes(tea: MeasuredChat) -> Price:
    """Return the requests of the strikes of one batch."""
    rate_limited(tea)
    return tea.requests_of(lambda: [tea.says("alice", MESSAGE) for _ in range(STRIKE_BATCH)])


def disconnect_flooder(tea: MeasuredChat) -> Price:
    """Return the requests of the strike that disconnects the user."""
    price = rate_limited(tea)
    while not tea.push.closed:
        price = tea.requests_of(lambda: tea.says("alice", MESSAGE))
    return price


def handshake_in_cooldown(tea: MeasuredChat, *, new_environment: bool) -> Price:
    disconnect_flooder(tea)
    if new_environment:
        tea.start_new_environment()
    return tea.opened("alice.again")


ID: Any = {"clientMessageId": "m1"}
CONNECTION_ROWS: Mapping[str, Row] = {
    "connect": lambda tea: tea.opened("bob"),
    "connect, with a token": lambda tea: tea.requests_of(lambda: tea.sign_in("bob", minutes=30)),
    "connect, with too many connections open": partial(opened_at_the_limit, hours=0),
    "connect, with too many listed that have long ended": partial(opened_at_the_limit, hours=3),
    "disconnect": lambda tea: tea.closed("bob"),
    "disconnect: each room": closed_in_a_room,
    "`renew`": renewed,
    "`renew`: each room": renewed_in_a_room,
    "`renew`, repeated": renewed_again,
    "`renew`, repeated: each room": renewed_again_in_a_room,
    "`signOut`": signed_out,
    "`signOut`: each further connection": signed_out_with_a_tab,
    "a run of the connection closer": expired_closed,
    "a run of the connection closer: each connection": expired_one_more,
    "a run of the connection closer: each that cannot be closed": expired_that_cannot_be_closed,
}
MESSAGE_ROWS: Mapping[str, Row] = {
    "`hello`": action_row("alice", "hello", roomId=None),
    "`ping`": action_row("alice", "ping", roomId=None),
    "`createRoom`": action_row("bob", "createRoom", roomId=None, visibility="private"),
    "`createRoom`, public": action_row("bob", "createRoom", roomId="milk"),
    "`joinRoom`": action_row("bob", "joinRoom"),
    "`joinRoom` with an invite": joined_by_invite,
    "`joinRoom`, repeated": joined_again,
    "`joinRoom` above `presence`": partial(joined_large_room, seconds=0),
    "`joinRoom` above `presence`, once a second": partial(joined_large_room, seconds=2),
    "`joinRoom`: each surplus connection that it unsubscribes": joined_with_surplus,
    "`joinRoom`: to resume": resumed,
    "`joinRoom`: to resume after messages were missed": partial(resumed, missed=2),
    "`joinRoom`: to resume after messages were missed, if messages expire": partial(
        resumed, missed=2, firstExpiresAt=1
    ),
    "`joinRoom`: to resume after 100 deletions": partial(resumed, untoldUntil=LONG_AGO),
    "`leaveRoom`": left,
    "`sendMessage`": said,
    "`sendMessage` with a clientMessageId": partial(said, **ID),
    "`sendMessage`, the first of a process in the room": said_first,
    "`sendMessage` in a busy room": said_in_busy_room,
    "`sendMessage` in a busy room, with a clientMessageId": partial(said_in_busy_room, **ID),
    "`sendMessage`, repeated": partial(said, times=2, **ID),
    "`sendMessage`, repeated in a busy room": partial(said_in_busy_room, times=2, **ID),
    "`sendMessage`, repeated again in a busy room": partial(said_in_busy_room, times=3, **ID),
    "`sendMessage` with a review": partial(said, review=True),
    "`sendMessage` with a review and a clientMessageId": partial(said, review=True, **ID),
    "`getHistory`": action_row("alice", "getHistory"),
    "`listMembers`": action_row("alice", "listMembers"),
}
RATE_LIMIT_ROWS: Mapping[str, Row] = {
    "a rejected message of a flood": rate_limited,
    "a rejected message of a flood, with a clientMessageId": partial(
        rate_limited, clientMessageId="m"
    ),
    "a rejected message of a flood that is stored already": partial(rate_limited, **ID),
    "five strikes of a connection": counted_strikes,
    "the strike that disconnects the user": disconnect_flooder,
    "a handshake during the cooldown": partial(handshake_in_cooldown, new_environment=False),
    "a handshake during the cooldown, in another environment": partial(
        handshake_in_cooldown, new_environment=True
    ),
}
