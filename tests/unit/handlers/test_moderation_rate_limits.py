"""Rate limits of moderation, and changes that cause no event."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from chat.config import read_rates
from chat.domain.finished_pushes import FinishedPushes
from chat.domain.rate_limit import Kind, Rate, Rates
from chat.variable_parser import Environment
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
"""Repeatable actions, in variants that each change something."""

INVITATIONS: dict[str, Sequence[Frame]] = {"createInvite": [{}], "inviteMember": [{}]}
ABOUT_ROOMS = ("updateRoom", "createInvite")


def tea(*kinds: Kind, whose: str = "user") -> Chat:
    """Let the owner, with two devices, Bob and Eve join; advance the clock past all limits."""
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
    """Send twice the burst, from each device in turn; return the replies."""
    return [
        ask(chat, who[n % len(who)], action, **variants[n % len(variants)])
        for n in range(2 * BURST)
    ]


@pytest.mark.parametrize("whose", ["connection", "user"])
@pytest.mark.parametrize(
    ("action", "kind"),
    [*((it, "changes") for it in CHANGES), *((it, "joins") for it in INVITATIONS)],
)
def test_changes_are_limited(action: str, kind: Kind, whose: str) -> None:
    """Changes above the limit are errors; they write nothing and cause no event."""
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
def test_repeated_deletions_are_limited(whose: str) -> None:
    """Repeated deletions cause events at the rate of changes, with one device or two.

    Each request reaches another environment, which does not know what was pushed before.
    """
    chat = tea("changes", whose=whose)
    say = {"action": "sendMessage", **TEA, "text": "oops"}
    deletion = {**TEA, "action": "deleteMessage", "seq": chat.says("bob", say)["message"]["seq"]}
    devices = ("owner", "owner.phone") if whose == "user" else ("owner",)
    chat.says("owner", deletion)
    chat.clock.advance(minutes=1)
    heard = len(chat.heard("eve"))

    again = []
    for n in range(4 * BURST):
        chat.finished_pushes = FinishedPushes()
        again.append(chat.says(devices[n % len(devices)], deletion))

    assert {reply["type"] for reply in again} == {"messageDeleted"}
    assert len(chat.heard("eve")) == heard + BURST


@pytest.mark.parametrize("whose", ["connection", "user"])
@pytest.mark.parametrize(("who", "kind"), [("bob", "messages"), ("owner", "changes")])
def test_first_deletions_are_limited(who: str, kind: Kind, whose: str) -> None:
    """An own message counts as a message, and another user's as a change."""
    chat = tea(kind, whose=whose)
    seqs = []
    for _ in range(2 * BURST):
        chat.clock.advance(minutes=1)
        reply = chat.says("bob", {"action": "sendMessage", **TEA, "text": "oops"})
        seqs.append(reply["message"]["seq"])
    chat.clock.advance(minutes=1)
    heard = len(chat.heard("eve"))

    replies = [chat.says(who, {"action": "deleteMessage", **TEA, "seq": seq}) for seq in seqs]

    assert [reply.get("code") for reply in replies] == [None] * BURST + ["rate_limited"] * BURST
    assert len(chat.heard("eve")) == heard + BURST
    assert chat.says("eve", {"action": "getHistory", **TEA})["messages"][-1]["text"] == "oops"


@pytest.mark.parametrize("whose", ["connection", "user"])
def test_messages_do_not_use_the_limit_of_changes(whose: str) -> None:
    """Messages count separately, so that a moderator in a discussion can still mute a flooder."""
    chat = tea("messages", "changes", whose=whose)
    say = {"action": "sendMessage", **TEA, "text": "stop it"}
    while chat.says("owner", say)["type"] != "error":
        pass

    assert ask(chat, "owner", "muteMember", seconds=60)["type"] == "memberMuted"
    assert chat.says("bob", say)["code"] == "forbidden"


def test_the_rates_of_the_settings() -> None:
    """The rate of changes is that of messages; without a limit of messages there is none."""
    unbounded = Settings(stage_name="chat", connection_message_rate=0, user_message_rate=0)

    rates = read_rates(Environment(chat_variables(Settings(stage_name="chat"))))
    without = read_rates(Environment(chat_variables(unbounded)))

    for bucket in (rates.connection, rates.user):
        assert bucket["changes"] == bucket["messages"] != bucket["joins"]
    assert without.connection.keys() == without.user.keys() == {"joins", "reads"}


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
    """A repetition gets the same reply and causes no event; a later change causes one."""
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
def test_a_repetition_completes_an_interrupted_change(first: int, again: int) -> None:
    """Connections that an interrupted change did not reach are updated by a repetition."""
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
