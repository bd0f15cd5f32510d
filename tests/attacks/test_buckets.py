"""Attacks where there are rates: a refusal costs the attacker, and writes nothing else."""

import pytest

from chat.rates import Rate, Rates
from tests.attacks.conftest import MakeFortress
from tests.attacks.fortress import Fortress
from tests.attacks.town import NOWHERE, TEA
from tests.harness import Frame

RATE = Rate(1, 1, burst=3)
RATES = Rates(connection={"messages": RATE, "joins": RATE}, user={"messages": RATE, "joins": RATE})


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
