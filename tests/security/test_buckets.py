"""Attacks where there are rate limits: a rejection costs the attacker, and writes nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chat.domain.finished_pushes import FinishedPushes
from chat.domain.rate_limit import Kind, Rate, Rates
from tests.reliability.model.scheduler import interleaved
from tests.security.attacked_chat import AttackedChat, MakeChat
from tests.security.attacked_rooms import ABSENT_ROOM, TEA
from tests.security.concurrent_requests import first_for, on
from tests.support.harness import Frame

RATE = Rate(1, 1, burst=3)
KINDS: dict[Kind, Rate] = {"messages": RATE, "joins": RATE, "changes": RATE}
RATES = Rates(connection=KINDS, user=KINDS)
DISCONNECTING = replace(RATES, strikes=RATE, cooldown=timedelta(seconds=10))


@pytest.fixture
def chat(make_chat: MakeChat) -> AttackedChat:
    """Provide a chat with rate limits, where Alice is in the tea room and Eve is connected."""
    chat = make_chat(rates=RATES)
    chat.does("alice", "createRoom", **TEA)
    chat.does("eve", "ping")
    return chat


ATTACKS: list[tuple[str, Frame, set[str]]] = [
    ("not_a_member", {"action": "sendMessage", **TEA, "text": "hi"}, {"messagesFullAt"}),
    ("room_not_found", {"action": "joinRoom", "roomId": ABSENT_ROOM}, {"joinsFullAt"}),
    (
        "room_not_found",
        {"action": "joinRoom", "roomId": ABSENT_ROOM, "invite": "x"},
        {"joinsFullAt"},
    ),
    ("room_exists", {"action": "createRoom", **TEA}, {"joinsFullAt"}),
    ("forbidden", {"action": "createInvite", **TEA}, {"joinsFullAt"}),
    ("forbidden", {"action": "inviteMember", **TEA, "userId": "u-eve"}, {"joinsFullAt"}),
    ("forbidden", {"action": "updateRoom", **TEA, "name": "Mine"}, {"changesFullAt"}),
    ("forbidden", on("setRole", "eve", role="owner"), {"changesFullAt"}),
    ("forbidden", on("muteMember", "alice", seconds=60), {"changesFullAt"}),
    *(
        ("forbidden", on(action, "alice"), {"changesFullAt"})
        for action in ("kickMember", "banMember", "unbanMember")
    ),
]


@pytest.mark.parametrize(("code", "frame", "bucket"), ATTACKS, ids=lambda v: str(v)[:40])
def test_a_rejected_attack_changes_the_attackers_buckets_only(
    chat: AttackedChat, code: str, frame: Frame, bucket: set[str]
) -> None:
    """The attacker's rate limits are the only thing that is written."""
    before = chat.items()

    assert chat.says("eve", frame)["code"] == code

    own = {("CONNECTION#eve", "CONNECTION"): bucket}
    rates = {("USER#u-eve", "RATES"): {"pk", "sk", "expiresAt", *bucket}}
    assert chat.changed(before) in (own, own | rates)
    assert chat.heard("alice") == []


def test_repeated_deletions_are_rate_limited(chat: AttackedChat) -> None:
    """A repetition is pushed as often as a user may send, and never if the user is muted.

    Each request reaches another environment, which does not know what was pushed before.
    """
    chat.does("eve", "joinRoom", **TEA)
    deletion = {
        **TEA,
        "seq": chat.does("eve", "sendMessage", **TEA, text="x")["message"]["seq"],
    }
    chat.clock.advance(seconds=9)
    heard = len(chat.heard("alice"))

    left = []
    for _ in range(20):
        chat.finished_pushes = FinishedPushes()
        left.append(chat.does("eve", "deleteMessage", **deletion)["message"])

    assert [message["text"] for message in left] == 20 * [""]
    assert len(chat.heard("alice")) == heard + RATE.burst
    chat.clock.advance(seconds=9)
    chat.does("alice", "muteMember", **TEA, userId="u-eve", seconds=60)
    chat.rejects("eve", {"action": "deleteMessage", **deletion}, "forbidden")
    assert len(chat.heard("alice")) == heard + RATE.burst


def test_repeated_invitations_are_rate_limited(chat: AttackedChat) -> None:
    """A user who is invited and kicked again and again receives a few events."""
    chat.does("victim", "ping")
    for _ in range(20):
        chat.says("alice", {"action": "inviteMember", **TEA, "userId": "u-victim"})
        chat.says("alice", {"action": "kickMember", **TEA, "userId": "u-victim"})

    invitations = [event for event in chat.heard("victim") if event["type"] == "invited"]
    assert 0 < len(invitations) < RATE.burst


@pytest.mark.parametrize(
    "back_and_forth",
    [
        [on("muteMember", "eve", seconds=60), on("muteMember", "eve", seconds=0)],
        [on("setRole", "eve", role="moderator"), on("setRole", "eve", role="member")],
        [{"action": "updateRoom", **TEA, "name": name} for name in ("Milk", "Tea")],
    ],
    ids=lambda frames: frames[0]["action"],
)
def test_repeated_changes_are_rate_limited(chat: AttackedChat, back_and_forth: list[Frame]) -> None:
    """A room receives a few changes at once and no more, from whichever device they come."""
    chat.does("eve", "joinRoom", **TEA)
    chat.does("alice.phone", "ping")
    chat.clock.advance(seconds=9)
    heard = len(chat.heard("eve"))

    for n in range(20):
        chat.says(("alice", "alice.phone")[n % 2], back_and_forth[n % 2])

    assert 0 < len(chat.heard("eve")) - heard <= RATE.burst


def test_repeated_bans_are_rate_limited(chat: AttackedChat) -> None:
    """A ban writes an item for any user id, so bans share the rate limit of all changes."""
    before = chat.items()
    for n in range(20):
        chat.says("alice", on("banMember", f"person{n}"))

    bans = [key for key in chat.items().keys() - before.keys() if "MEMBER#" in key[2]]
    assert len(bans) == RATE.burst


def test_guesses_of_invites_are_rate_limited(chat: AttackedChat) -> None:
    """After a few guesses every device of the user must wait, even with the valid invite."""
    private_id = chat.does("alice", "createRoom", visibility="private")["room"]["roomId"]
    invite = chat.does("alice", "createInvite", roomId=private_id)["invite"]
    guess: Frame = {"action": "joinRoom", "roomId": private_id, "invite": "guess"}
    for _ in range(RATE.burst):
        assert chat.says("eve", guess)["code"] == "room_not_found"

    assert chat.says("eve", {**guess, "invite": invite})["code"] == "rate_limited"
    assert chat.says("eve.phone", {**guess, "invite": invite})["code"] == "rate_limited"
    chat.clock.advance(seconds=2)
    assert chat.says("eve", {**guess, "invite": invite})["type"] == "roomJoined"


@pytest.mark.parametrize("frame", [frame for _, frame, _ in ATTACKS], ids=lambda v: str(v)[:40])
def test_continuing_after_rejections_disconnects_the_user(
    make_chat: MakeChat, frame: Frame
) -> None:
    """All devices of Eve are closed and removed, and no other user is affected.

    A cooldown is stored, and until its end her handshakes fail.
    """
    chat = make_chat(rates=DISCONNECTING)
    chat.does("alice", "createRoom", **TEA)
    for device in ("eve", "eve.phone"):
        chat.does(device, "ping")
    for _ in range(2 * RATE.burst + 1):
        chat.says("eve", frame)
    before = chat.items()

    chat.says("eve", frame)

    changed = chat.changed(before)
    assert changed.pop(("USER#u-eve", "CONNECTIONS")) == {"open", "restsUntil"}
    own = {(f"CONNECTION#{device}", "CONNECTION") for device in ("eve", "eve.phone")}
    assert changed.keys() == own
    assert own.isdisjoint(key[1:] for key in chat.items())
    assert chat.push.closed == {"eve", "eve.phone"}
    with chat.nothing_happens():
        assert chat.connects("eve.tablet") == 429
    assert chat.heard("alice") == []
    chat.clock.advance(seconds=10)
    assert chat.connects("eve.tablet") == 200


@pytest.mark.parametrize("flood_is_first", [True, False])
@pytest.mark.parametrize("steps", range(1, 9))
def test_a_handshake_while_its_user_is_disconnected(
    make_chat: MakeChat, flood_is_first: bool, steps: int
) -> None:
    """The handshake is rejected, or its connection is closed with the others."""
    chat = make_chat(rates=DISCONNECTING)
    frame: Frame = {"action": "joinRoom", "roomId": ABSENT_ROOM}
    for _ in range(2 * RATE.burst + 1):
        chat.says("eve", frame)
    statuses: list[int] = []

    work: list[Callable[[], object]] = [
        lambda: chat.says("eve", frame),
        lambda: statuses.append(chat.connects("eve.tablet")),
    ]
    interleaved(chat.client, work if flood_is_first else work[::-1], first_for(steps))

    assert "eve" in chat.push.closed
    assert statuses == [429] or "eve.tablet" in chat.push.closed
