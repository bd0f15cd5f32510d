"""How fast who keeps order may change a room and its people, and what of it is news."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from chat.config import Environment, read_rates
from chat.domain.rate_limit import Kind, Rate, Rates
from chat_stack.settings.environment import chat_variables
from chat_stack.settings.settings import Settings
from tests.support.harness import Chat, Frame

TEA = {"roomId": "tea"}
BURST = 3
MUCH = datetime(2030, 1, 1, tzinfo=UTC)
SLOW = Rate(1, 1, BURST)

CHANGES: dict[str, Sequence[Frame]] = {
    "setRole": [{"role": "moderator"}, {"role": "member"}],
    "muteMember": [{"seconds": 60}, {"seconds": 0}],
    "kickMember": [{}],
    "banMember": [{}],
    "unbanMember": [{}],
    "updateRoom": [{"name": "Coffee"}, {"name": "Tea"}],
}
"""What may be done again and again, and changes something each time where it can."""

INVITATIONS: dict[str, Sequence[Frame]] = {"createInvite": [{}], "inviteMember": [{}]}
ABOUT_ROOMS = ("updateRoom", "createInvite")


def tea(*kinds: Kind, whose: str = "user") -> Chat:
    """The owner, with two devices, Bob and Eve are in the tea room, and have rested."""
    bounds: dict[Kind, Rate] = dict.fromkeys(kinds, SLOW)
    chat = Chat(rates=Rates(connection=bounds) if whose == "connection" else Rates(user=bounds))
    chat.says("owner", {"action": "createRoom", **TEA})
    for who in ("owner.phone", "bob", "eve"):
        chat.says(who, {"action": "joinRoom", **TEA})
    chat.clock.advance(minutes=1)
    return chat


def ask(chat: Chat, who: str, action: str, **fields: Any) -> Frame:
    about = {} if action in ABOUT_ROOMS else {"userId": chat.user_id("bob")}
    return chat.says(who, {"action": action, **TEA, **about, **fields})


def repeated(chat: Chat, action: str, variants: Sequence[Frame], who: Sequence[str]) -> list[Frame]:
    """The replies to twice as many as may come at once, from each device in turn."""
    return [
        ask(chat, who[n % len(who)], action, **variants[n % len(variants)])
        for n in range(2 * BURST)
    ]


@pytest.mark.parametrize("whose", ["connection", "user"])
@pytest.mark.parametrize(
    ("action", "kind"),
    [*((it, "changes") for it in CHANGES), *((it, "joins") for it in INVITATIONS)],
)
def test_changes_come_at_a_pace(action: str, kind: Kind, whose: str) -> None:
    """What is over it is refused, and writes nothing, and nobody hears of it."""
    chat = tea(kind, whose=whose)
    devices = ("owner", "owner.phone") if whose == "user" else ("owner",)

    replies = repeated(chat, action, (CHANGES | INVITATIONS)[action], devices)

    fast = [reply for reply in replies if reply.get("code") == "rate_limited"]
    assert fast == replies[BURST:]
    assert all(0 < reply["retryAfterMs"] <= 1_000 for reply in fast)
    posts, book = chat.push.posts, dict(chat.stores.state.memberships)
    for variant in (CHANGES | INVITATIONS)[action]:
        assert ask(chat, "owner", action, **variant)["code"] == "rate_limited"
    assert (chat.push.posts, chat.stores.state.memberships) == (posts, book)


@pytest.mark.parametrize("whose", ["connection", "user"])
def test_taking_words_back_again_comes_at_a_pace(whose: str) -> None:
    """It is answered, and heard as often as one may speak, with one device or with two."""
    chat = tea("messages", whose=whose)
    say = {"action": "sendMessage", **TEA, "text": "oops"}
    deletion = {**TEA, "action": "deleteMessage", "seq": chat.says("bob", say)["message"]["seq"]}
    devices = ("owner", "owner.phone") if whose == "user" else ("owner",)
    chat.says("owner", deletion)
    heard = len(chat.heard("eve"))

    again = [chat.says(devices[n % len(devices)], deletion) for n in range(4 * BURST)]

    assert {reply["type"] for reply in again} == {"messageDeleted"}
    assert len(chat.heard("eve")) == heard + BURST


@pytest.mark.parametrize("whose", ["connection", "user"])
def test_who_has_just_spoken_keeps_order_all_the_same(whose: str) -> None:
    """Messages are counted apart: or whoever talks with a flooder could not silence them."""
    chat = tea("messages", "changes", whose=whose)
    say = {"action": "sendMessage", **TEA, "text": "stop it"}
    while chat.says("owner", say)["type"] != "error":
        pass

    assert ask(chat, "owner", "muteMember", seconds=60)["type"] == "memberMuted"
    assert chat.says("bob", say)["code"] == "forbidden"


def test_the_rates_of_a_stack() -> None:
    """Changes are as fast as messages are set to be; where these have no limit, nor have they."""
    unbounded = Settings(stage_name="chat", connection_message_rate=0, user_message_rate=0)

    rates = read_rates(Environment(chat_variables(Settings(stage_name="chat"))))
    without = read_rates(Environment(chat_variables(unbounded)))

    for bucket in (rates.connection, rates.user):
        assert bucket["changes"] == bucket["messages"] != bucket["joins"]
    assert without.connection.keys() == without.user.keys() == {"joins"}


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("setRole", {"role": "moderator"}),
        ("muteMember", {"seconds": 60}),
        ("muteMember", {"seconds": 0}),
        ("updateRoom", {"name": "Coffee", "visibility": "public"}),
    ],
    ids=str,
)
def test_what_changes_nothing_is_no_news(action: str, fields: Frame) -> None:
    """It is answered like the first time, and nobody hears it; a change that follows is heard."""
    chat = tea()
    first = ask(chat, "owner", action, **fields)
    heard = len(chat.heard("eve"))

    again = [ask(chat, "owner", action, **fields) for _ in range(50)]

    assert again == [first] * 50
    assert len(chat.heard("eve")) == heard
    ask(chat, "owner", "setRole", role="member")
    ask(chat, "owner", "updateRoom", name="Milk")
    assert len(chat.heard("eve")) == heard + 2


@pytest.mark.parametrize(("first", "again"), [(60, 0), (0, 60)])
def test_a_repetition_reaches_who_was_not_told(first: int, again: int) -> None:
    """Whose connections a change did not come to, because it broke off, count it after another."""
    chat = tea()
    ask(chat, "owner", "muteMember", seconds=first)
    ask(chat, "owner", "muteMember", seconds=again)
    stale = chat.stores.memberships.of("tea", chat.user_id("bob"))
    chat.stores.subscribers.set_membership(
        type(stale)("tea", stale.user_id, name="bob", muted_until=None if again else MUCH)
    )

    ask(chat, "owner", "muteMember", seconds=again)

    refused = chat.says("bob", {"action": "sendMessage", **TEA, "text": "hi"})["type"] == "error"
    assert refused == bool(again)
