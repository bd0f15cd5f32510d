"""Measurements of the rows about connections, messages and floods in the list of request costs.

A number that changes on purpose is changed in docs/architecture/request-costs.md alone. A new row
is added here and there.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from chat.logic import closing
from chat.review.review import HookReview
from tests.contract.counted_chat import TEA
from tests.contract.measured_chat import MOST_AT_ONCE, MeasuredChat, Price, difference
from tests.support.fakes.review import FakeHook

Row = Callable[[MeasuredChat], Price]
"""Alice has the tea room, which is public, and is in it."""

SAY = {"action": "sendMessage", **TEA, "text": "hi"}
LONG_AGO = "2025-01-01T00:00:00.000Z"
FEW = 5
"""Refusals of a connection that are counted at once."""


def asks(who: str, action: str, **fields: Any) -> Row:
    """Somebody who is connected asks, and that is all."""
    return lambda tea: tea.price(who, action, **fields)


def opened_at_the_limit(tea: MeasuredChat, *, hours: float) -> Price:
    """Beside as many as one may have, that are so old."""
    for n in range(20):
        tea.opened(f"bob.{n}")
    tea.clock.advance(hours=hours)
    return tea.opened("bob.more")


def closed_in_a_room(tea: MeasuredChat) -> Price:
    return difference(tea.closed("bob", TEA), tea.closed("carol"))


def renewed(tea: MeasuredChat, who: str = "bob", *, rooms: int = 0) -> Price:
    tea.signs_in(who, minutes=30)
    for n in range(rooms):
        tea.does("alice", "createRoom", roomId=f"{who}-{n}")
        tea.come(who, roomId=f"{who}-{n}")
    return tea.price(who, "renew", roomId=None, token=f"{who}'s")


def renewed_in_a_room(tea: MeasuredChat) -> Price:
    return difference(renewed(tea, "bob", rooms=2), renewed(tea, "carol", rooms=1))


def signed_out(tea: MeasuredChat, who: str = "bob", *, tabs: int = 0) -> Price:
    """Somebody with so many tabs more, which have the same token."""
    for each in (who, *(f"{who}.{n}" for n in range(tabs))):
        tea.signs_in(each, minutes=30)
    return tea.price(who, "signOut", roomId=None)


def signed_out_with_a_tab(tea: MeasuredChat) -> Price:
    return difference(signed_out(tea, "carol", tabs=1), signed_out(tea))


def swept(tea: MeasuredChat, *, ended: int = 0) -> Price:
    for n in range(ended):
        tea.signs_in(f"bob{n}", minutes=1)
    tea.clock.advance(minutes=2)
    return tea.taken_by(lambda: closing.close_expired(tea.services))


def swept_one_more(tea: MeasuredChat) -> Price:
    return difference(swept(tea, ended=2), swept(tea, ended=1))


def joined_by_invite(tea: MeasuredChat) -> Price:
    den = {
        "roomId": tea.does("alice", "createRoom", roomId=None, visibility="private")["room"][
            "roomId"
        ]
    }
    invite = tea.does("alice", "createInvite", **den)["invite"]
    return tea.price("bob", "joinRoom", invite=invite, **den)


def joined_again(tea: MeasuredChat) -> Price:
    tea.come("bob")
    return tea.price("bob", "joinRoom")


def joined_a_crowd(tea: MeasuredChat, *, seconds: float) -> Price:
    """So long after people were counted in a room where two are many."""
    tea.limits = replace(tea.limits, presence=1)
    tea.come("bob", "carol")
    tea.clock.advance(seconds=seconds)
    return tea.price("dave", "joinRoom")


def resumed(tea: MeasuredChat, *, missed: int = 0, **marks: int | str) -> Price:
    """What it takes beside joining, in a room that has these marks."""
    if marks:
        tea.marks_room(**marks)
    seen = tea.does("alice", "sendMessage", text="hi")["message"]["seq"]
    epoch = tea.does("bob", "joinRoom")["room"]["epoch"]
    tea.does("bob", "leaveRoom")
    for _ in range(missed):
        tea.does("alice", "sendMessage", text="hi")
    back = tea.price("bob", "joinRoom", after=seen, epoch=epoch)
    tea.does("bob", "leaveRoom")
    return difference(back, tea.price("bob", "joinRoom"))


def left(tea: MeasuredChat) -> Price:
    tea.come("bob")
    return tea.price("bob", "leaveRoom")


def said(tea: MeasuredChat, *, times: int = 1, review: bool = False, **fields: str) -> Price:
    """What the last of several takes."""
    if review:
        tea.review = HookReview(FakeHook(), failure="closed", text_length=4_000)
    for _ in range(times - 1):
        tea.does("alice", "sendMessage", text="hi", **fields)
    return tea.price("alice", "sendMessage", text="hi", **fields)


def flooded(tea: MeasuredChat, **fields: str) -> Price:
    """What one message more takes after as many as may be said at once."""
    for n in range(MOST_AT_ONCE):
        tea.does("alice", "sendMessage", text="hi", clientMessageId=f"m{n}")
    return tea.taken_by(lambda: tea.says("alice", {**SAY, **fields}))


def counted(tea: MeasuredChat) -> Price:
    """What refusals take until they are counted."""
    flooded(tea)
    return tea.taken_by(lambda: [tea.says("alice", SAY) for _ in range(FEW)])


def disconnect_flooder(tea: MeasuredChat) -> Price:
    """What the last refusal takes."""
    price = flooded(tea)
    while not tea.push.closed:
        price = tea.taken_by(lambda: tea.says("alice", SAY))
    return price


def back_too_soon(tea: MeasuredChat, *, elsewhere: bool) -> Price:
    disconnect_flooder(tea)
    if elsewhere:
        tea.forgets()
    return tea.opened("alice.again")


ID: Any = {"clientMessageId": "m1"}
OF_CONNECTIONS: Mapping[str, Row] = {
    "connect": lambda tea: tea.opened("bob"),
    "connect, with a token": lambda tea: tea.taken_by(lambda: tea.signs_in("bob", minutes=30)),
    "connect, with too many connections open": partial(opened_at_the_limit, hours=0),
    "connect, with too many listed that have long ended": partial(opened_at_the_limit, hours=3),
    "disconnect": lambda tea: tea.closed("bob"),
    "disconnect: each room": closed_in_a_room,
    "`renew`": renewed,
    "`renew`: each room": renewed_in_a_room,
    "`signOut`": signed_out,
    "`signOut`: each further connection": signed_out_with_a_tab,
    "a run of the connection closer": swept,
    "a run of the connection closer: each connection": swept_one_more,
}
OF_TALK: Mapping[str, Row] = {
    "`hello`": asks("alice", "hello", roomId=None),
    "`ping`": asks("alice", "ping", roomId=None),
    "`createRoom`": asks("bob", "createRoom", roomId=None, visibility="private"),
    "`createRoom`, public": asks("bob", "createRoom", roomId="milk"),
    "`joinRoom`": asks("bob", "joinRoom"),
    "`joinRoom` with an invite": joined_by_invite,
    "`joinRoom`, repeated": joined_again,
    "`joinRoom` above `presence`": partial(joined_a_crowd, seconds=0),
    "`joinRoom` above `presence`, once a second": partial(joined_a_crowd, seconds=2),
    "`joinRoom`: to resume": resumed,
    "`joinRoom`: to resume after messages were missed": partial(resumed, missed=2),
    "`joinRoom`: to resume after messages were missed, if messages expire": partial(
        resumed, missed=2, firstExpiresAt=1
    ),
    "`joinRoom`: to resume after 100 deletions": partial(resumed, untoldUntil=LONG_AGO),
    "`leaveRoom`": left,
    "`sendMessage`": said,
    "`sendMessage` with a clientMessageId": partial(said, **ID),
    "`sendMessage`, repeated": partial(said, times=2, **ID),
    "`sendMessage` with a review": partial(said, review=True),
    "`sendMessage` with a review and a clientMessageId": partial(said, review=True, **ID),
    "`getHistory`": asks("alice", "getHistory"),
    "`listMembers`": asks("alice", "listMembers"),
}
OF_FLOODS: Mapping[str, Row] = {
    "a rejected message of a flood": flooded,
    "a rejected message of a flood, with a clientMessageId": partial(flooded, clientMessageId="m"),
    "a rejected message of a flood that is stored already": partial(flooded, **ID),
    "five strikes of a connection": counted,
    "the strike that disconnects the user": disconnect_flooder,
    "a handshake during the cooldown": partial(back_too_soon, elsewhere=False),
    "a handshake during the cooldown, in another environment": partial(
        back_too_soon, elsewhere=True
    ),
}
