"""Attacks where there are rates: a refusal costs the attacker, and writes nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chat.domain.rate_limit import Kind, Rate, Rates
from tests.reliability.model.scheduler import interleaved
from tests.security.attacked_chat import Fortress, MakeFortress
from tests.security.attacked_rooms import NOWHERE, TEA
from tests.security.concurrent_requests import first_for, on
from tests.support.harness import Frame

RATE = Rate(1, 1, burst=3)
KINDS: dict[Kind, Rate] = {"messages": RATE, "joins": RATE, "changes": RATE}
RATES = Rates(connection=KINDS, user=KINDS)
CUTTING = replace(RATES, strikes=RATE, cooldown=timedelta(seconds=10))


@pytest.fixture
def fortress(make_fortress: MakeFortress) -> Fortress:
    """Alice is in the tea room; Eve is connected."""
    chat = make_fortress(rates=RATES)
    chat.does("alice", "createRoom", **TEA)
    chat.does("eve", "ping")
    return chat


ATTACKS: list[tuple[str, Frame, set[str]]] = [
    ("not_a_member", {"action": "sendMessage", **TEA, "text": "hi"}, {"messagesFullAt"}),
    ("room_not_found", {"action": "joinRoom", "roomId": NOWHERE}, {"joinsFullAt"}),
    ("room_not_found", {"action": "joinRoom", "roomId": NOWHERE, "invite": "x"}, {"joinsFullAt"}),
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
def test_only_the_attackers_own_buckets_change(
    fortress: Fortress, code: str, frame: Frame, bucket: set[str]
) -> None:
    """Nothing is written but how much the attacker has done."""
    before = fortress.items()

    assert fortress.says("eve", frame)["code"] == code

    own = {("CONNECTION#eve", "CONNECTION"): bucket}
    rates = {("USER#u-eve", "RATES"): {"pk", "sk", "expiresAt", *bucket}}
    assert fortress.changed(before) in (own, own | rates)
    assert fortress.heard("alice") == []


def test_deleting_again_is_no_way_to_flood(fortress: Fortress) -> None:
    """A repetition is heard as often as one may speak, and never from who is muted."""
    fortress.does("eve", "joinRoom", **TEA)
    deletion = {
        **TEA,
        "seq": fortress.does("eve", "sendMessage", **TEA, text="x")["message"]["seq"],
    }
    fortress.clock.advance(seconds=9)
    heard = len(fortress.heard("alice"))

    left = [fortress.does("eve", "deleteMessage", **deletion)["message"] for _ in range(20)]

    assert [message["text"] for message in left] == 20 * [""]
    assert len(fortress.heard("alice")) == heard + 1 + RATE.burst
    fortress.clock.advance(seconds=9)
    fortress.does("alice", "muteMember", **TEA, userId="u-eve", seconds=60)
    fortress.does("eve", "deleteMessage", **deletion)
    assert len(fortress.heard("alice")) == heard + 1 + RATE.burst


def test_inviting_again_and_again_is_slow(fortress: Fortress) -> None:
    """Whoever invites somebody and puts them out again is heard by them a few times."""
    fortress.does("victim", "ping")
    told = fortress.heard
    for _ in range(20):
        fortress.says("alice", {"action": "inviteMember", **TEA, "userId": "u-victim"})
        fortress.says("alice", {"action": "kickMember", **TEA, "userId": "u-victim"})

    invitations = [event for event in told("victim") if event["type"] == "invited"]
    assert 0 < len(invitations) < RATE.burst


@pytest.mark.parametrize(
    "to_and_fro",
    [
        [on("muteMember", "eve", seconds=60), on("muteMember", "eve", seconds=0)],
        [on("setRole", "eve", role="moderator"), on("setRole", "eve", role="member")],
        [{"action": "updateRoom", **TEA, "name": name} for name in ("Milk", "Tea")],
    ],
    ids=lambda frames: frames[0]["action"],
)
def test_changing_to_and_fro_is_slow(fortress: Fortress, to_and_fro: list[Frame]) -> None:
    """A room hears a few changes at once, whatever device they come from, and no more."""
    fortress.does("eve", "joinRoom", **TEA)
    fortress.does("alice.phone", "ping")
    fortress.clock.advance(seconds=9)
    heard = len(fortress.heard("eve"))

    for n in range(20):
        fortress.says(("alice", "alice.phone")[n % 2], to_and_fro[n % 2])

    assert 0 < len(fortress.heard("eve")) - heard <= RATE.burst


def test_nobody_is_banned_by_the_dozen(fortress: Fortress) -> None:
    """A ban is an item, of whatever user id: as many as one may do anything."""
    before = fortress.items()
    for n in range(20):
        fortress.says("alice", on("banMember", f"person{n}"))

    bans = [key for key in fortress.items().keys() - before.keys() if "MEMBER#" in key[2]]
    assert len(bans) == RATE.burst


def test_guessing_is_slow(fortress: Fortress) -> None:
    """After a few guesses one waits, with every device, also for what would be right."""
    den = fortress.does("alice", "createRoom", visibility="private")["room"]["roomId"]
    invite = fortress.does("alice", "createInvite", roomId=den)["invite"]
    guess: Frame = {"action": "joinRoom", "roomId": den, "invite": "guess"}
    for _ in range(RATE.burst):
        assert fortress.says("eve", guess)["code"] == "room_not_found"

    assert fortress.says("eve", {**guess, "invite": invite})["code"] == "rate_limited"
    assert fortress.says("eve.phone", {**guess, "invite": invite})["code"] == "rate_limited"
    fortress.clock.advance(seconds=2)
    assert fortress.says("eve", {**guess, "invite": invite})["type"] == "roomJoined"


@pytest.mark.parametrize("frame", [frame for _, frame, _ in ATTACKS], ids=lambda v: str(v)[:40])
def test_going_on_in_spite_of_refusals(make_fortress: MakeFortress, frame: Frame) -> None:
    """Every device is closed and removed, a cooldown is stored, and no other user is affected."""
    fortress = make_fortress(rates=CUTTING)
    fortress.does("alice", "createRoom", **TEA)
    for device in ("eve", "eve.phone"):
        fortress.does(device, "ping")
    for _ in range(2 * RATE.burst + 1):
        fortress.says("eve", frame)
    before = fortress.items()

    fortress.says("eve", frame)

    changed = fortress.changed(before)
    assert changed.pop(("USER#u-eve", "CONNECTIONS")) == {"open", "restsUntil"}
    own = {(f"CONNECTION#{device}", "CONNECTION") for device in ("eve", "eve.phone")}
    assert changed.keys() == own
    assert own.isdisjoint(key[1:] for key in fortress.items())
    assert fortress.push.closed == {"eve", "eve.phone"}
    with fortress.nothing_happens():
        assert fortress.connects("eve.tablet") == 429
    assert fortress.heard("alice") == []
    fortress.clock.advance(seconds=10)
    assert fortress.connects("eve.tablet") == 200


@pytest.mark.parametrize("floods_first", [True, False])
@pytest.mark.parametrize("steps", range(1, 9))
def test_a_handshake_in_the_moment_of_a_cut_off(
    make_fortress: MakeFortress, floods_first: bool, steps: int
) -> None:
    """It is refused, or its connection is closed with the others."""
    fortress = make_fortress(rates=CUTTING)
    frame: Frame = {"action": "joinRoom", "roomId": NOWHERE}
    for _ in range(2 * RATE.burst + 1):
        fortress.says("eve", frame)
    statuses: list[int] = []

    work: list[Callable[[], object]] = [
        lambda: fortress.says("eve", frame),
        lambda: statuses.append(fortress.connects("eve.tablet")),
    ]
    interleaved(fortress.client, work if floods_first else work[::-1], first_for(steps))

    assert "eve" in fortress.push.closed
    assert statuses == [429] or "eve.tablet" in fortress.push.closed
