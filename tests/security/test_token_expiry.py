"""Rights that end: renewed with what does not renew them, and taken away by the operator."""

from datetime import timedelta

import pytest

from chat.domain.clock import CONNECTION_LIFE, wire
from chat.logic.closing import close_expired, close_user
from tests.security.attacked_chat import Fortress, MakeFortress
from tests.security.attacked_rooms import TEA
from tests.support.issuer.bad_tokens import ATTACKS, LAST_SECOND
from tests.support.issuer.issuer import STRANGER


@pytest.fixture(scope="module")
def fortress(make_fortress: MakeFortress) -> Fortress:
    """Alice and Bob are in the tea room."""
    fortress = make_fortress()
    fortress.does("alice", "createRoom", **TEA)
    fortress.does("bob", "joinRoom", **TEA)
    return fortress


@pytest.mark.parametrize("attack", ATTACKS)
def test_renewals_with_no_good_token(fortress: Fortress, attack: str) -> None:
    """What opens no connection renews none, and changes nothing of it."""
    token = fortress.secret(ATTACKS[attack](fortress.issuer))
    code = "bad_request" if attack in ("too long", "empty") else "unauthorized"

    fortress.refuses("alice", {"action": "renew", "token": token}, code)


def test_renewals_with_anothers_token(fortress: Fortress) -> None:
    """A connection stays that of who opened it, however good the token is."""
    end = fortress.clock.now() + timedelta(hours=2)

    for user in ("bob", "nobody"):
        frame = {"action": "renew", "token": fortress.token(user, exp=end)}
        fortress.refuses("alice", frame, "forbidden")


def test_renewals_after_the_end(make_fortress: MakeFortress) -> None:
    """What has ended does not begin again: a good token opens a new connection."""
    fortress = make_fortress()
    fortress.does("alice", "createRoom", **TEA)
    fortress.clock.advance(minutes=61)
    end = fortress.clock.now() + timedelta(hours=1)

    frame = {"action": "renew", "token": fortress.token("alice", iat=None, exp=end)}
    fortress.refuses("alice", frame, "unauthorized")


def test_a_renewal_until_the_end_of_time(fortress: Fortress) -> None:
    """A token for thousands of years lets a connection live its two hours, and no longer."""
    with fortress.undone():
        token = fortress.token("bob", exp=LAST_SECOND)

        renewed = fortress.does("bob", "renew", token=token)

        assert renewed["expiresAt"] == wire(fortress.clock.now() + CONNECTION_LIFE)


def test_renewals_that_shorten(fortress: Fortress) -> None:
    """An older token takes nothing away; that it has come is remembered, for whoever signs out."""
    soon = fortress.clock.now() + timedelta(minutes=1)
    before = fortress.items()

    with fortress.undone():
        fortress.does("alice", "renew", token=fortress.token("alice", exp=soon))

        assert fortress.changed(before) == {("CONNECTION#alice", "CONNECTION"): {"tokens"}}


def test_a_replay_after_a_ban(make_fortress: MakeFortress) -> None:
    """Sign-out cannot be seen in a token; a ban from the whole chat is, at the next handshake.

    On every device, with every token of that user, and with nothing written; others are let in.
    """
    fortress = make_fortress()
    token = fortress.token("alice")
    fortress.stores.bans.ban("u-alice")

    for good in (token, fortress.token("alice", client_id="chat-client", jti="2")):
        fortress.turns_away({"Authorization": f"Bearer {good}"}, status=403)
    assert fortress.connects("bob") == 200


def test_a_ban_ends_what_is_open(make_fortress: MakeFortress) -> None:
    """The banned user's connections neither speak nor hear, and renew nothing."""
    fortress = make_fortress()
    fortress.does("bob", "createRoom", **TEA)
    for device in ("alice", "alice.phone"):
        fortress.does(device, "joinRoom", **TEA)
    fortress.stores.bans.ban("u-alice")
    close_user("u-alice", fortress.services)
    heard = len(fortress.heard("alice"))

    fortress.does("bob", "sendMessage", **TEA, text="gone?")

    assert len(fortress.heard("alice")) == heard
    for device in ("alice", "alice.phone"):
        for frame in ({"action": "sendMessage", **TEA, "text": "hi"}, {"action": "listRooms"}):
            fortress.refuses(device, frame, "unauthorized")
        renewal = {"action": "renew", "token": fortress.token("alice")}
        fortress.refuses(device, renewal, "unauthorized")


def test_a_sweep_ends_what_is_over(make_fortress: MakeFortress) -> None:
    """A socket whose token is over is closed and leaves its rooms, though its client stays on."""
    fortress = make_fortress()
    fortress.does("bob", "createRoom", **TEA)
    soon = fortress.clock.now() + timedelta(minutes=5)
    headers = {"Authorization": f"Bearer {fortress.token('alice', exp=soon)}"}
    assert fortress.knocks("alice", headers) == 200
    fortress.replies["alice"] = []
    fortress.does("alice", "joinRoom", **TEA)
    fortress.clock.advance(minutes=6)

    close_expired(fortress.services)

    assert "alice" in fortress.push.closed
    assert [a.connection_id for a in fortress.services.subscribers.of("tea")] == ["bob"]


def test_a_forged_token_is_no_reason_to_fetch(fortress: Fortress) -> None:
    """Renewals with made-up keys reach the issuer as seldom as handshakes do."""
    asked = fortress.issuer.asked

    for n in range(30):
        forged = fortress.issuer.token(key=STRANGER, header={"kid": f"made up {n}"})
        fortress.refuses("alice", {"action": "renew", "token": forged}, "unauthorized")

    assert fortress.issuer.asked <= asked + 1
