"""Tokens that were signed out, replayed by whoever has a copy: later, and in the same moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.reliability.model.scheduler import interleaved
from tests.security.attacked_chat import PAGE, Fortress, Headers, MakeFortress
from tests.security.attacked_rooms import TEA
from tests.security.concurrent_requests import first_for

STEPS = range(1, 12)
"""More than either request makes of DynamoDB: the first halts before each of its own in turn."""


def test_a_replayed_token_after_a_sign_out(make_fortress: MakeFortress) -> None:
    """It opens nothing, however it comes, and renews nothing; what a thief has open is closed."""
    fortress = make_fortress()
    stolen = fortress.token("alice", jti="stolen")
    headers = {"Authorization": f"Bearer {stolen}", "Origin": PAGE}
    for id_ in ("alice.page", "alice.thief"):
        assert fortress.knocks(id_, headers) == 200
        fortress.replies[id_] = []
    fortress.does("alice.phone", "createRoom", **TEA)
    fortress.does("alice.thief", "joinRoom", **TEA)
    fortress.does("alice.page", "signOut")

    fortress.turns_away(headers)
    fortress.turns_away({"Sec-WebSocket-Protocol": f"chat.v1, {stolen}", "Origin": PAGE})
    for id_ in ("alice.page", "alice.thief"):
        fortress.refuses(id_, {"action": "sendMessage", **TEA, "text": "hi"}, "unauthorized")
    fortress.refuses("alice.phone", {"action": "renew", "token": stolen}, "unauthorized")

    assert fortress.push.closed == {"alice.thief"}
    assert fortress.does("alice.phone", "listMembers", **TEA)["memberCount"] == 1


def test_a_token_that_is_written_another_way(make_fortress: MakeFortress) -> None:
    """A signed-out token with another signature that is as good, or none, is the same token."""
    fortress = make_fortress()
    token = fortress.token("alice")
    headers = {"Authorization": f"Bearer {token}", "Origin": PAGE}
    assert fortress.knocks("alice.page", headers) == 200
    fortress.replies["alice.page"] = []
    fortress.does("alice.page", "signOut")

    signed, _, signature = token.rpartition(".")
    for other in (f"{token}=", f"{token}==", f"{token} ", f" {token}", f"{signed}.{signature}A"):
        fortress.turns_away({**headers, "Authorization": f"Bearer {other}"})


@pytest.fixture(scope="module")
def at_once(make_fortress: MakeFortress) -> Fortress:
    """Alice has a page open, and a phone with another token."""
    fortress = make_fortress()
    fortress.does("alice.phone", "createRoom", **TEA)
    return fortress


def opens(fortress: Fortress, connection_id: str, headers: Headers) -> int:
    """A handshake; the status."""
    fortress.replies[connection_id] = []
    return fortress.knocks(connection_id, headers)


@pytest.mark.parametrize("signs_out_first", [True, False])
@pytest.mark.parametrize("steps", STEPS)
def test_a_handshake_in_the_moment_of_a_sign_out(
    at_once: Fortress, signs_out_first: bool, steps: int
) -> None:
    """It is refused, or found and ended: nothing that has the token is left, or is let in."""
    token = at_once.token("alice", jti="of the page")
    headers = {"Authorization": f"Bearer {token}", "Origin": PAGE}
    with at_once.undone():
        assert opens(at_once, "alice.page", headers) == 200

        work: list[Callable[[], object]] = [
            lambda: at_once.does("alice.page", "signOut"),
            lambda: opens(at_once, "alice.thief", headers),
        ]
        interleaved(at_once.client, work if signs_out_first else work[::-1], first_for(steps))

        left = at_once.says("alice.thief", {"action": "hello"})
        assert left["code"] == "unauthorized"
        assert at_once.knocks("alice.later", headers) == 401
        assert list(at_once.stores.user_connections.ids_of("u-alice")) == ["alice.phone"]


@pytest.mark.parametrize("signs_out_first", [True, False])
@pytest.mark.parametrize("steps", STEPS)
def test_a_renewal_in_the_moment_of_a_sign_out(
    at_once: Fortress, signs_out_first: bool, steps: int
) -> None:
    """A connection that the token has renewed is over; one that it has not, is as it was."""
    end = at_once.clock.now() + timedelta(minutes=90)
    token = at_once.token("alice", exp=end)
    headers = {"Authorization": f"Bearer {token}", "Origin": PAGE}
    with at_once.undone():
        assert opens(at_once, "alice.page", headers) == 200
        frame = {"action": "renew", "token": token}

        work: list[Callable[[], object]] = [
            lambda: at_once.does("alice.page", "signOut"),
            lambda: at_once.says("alice.phone", frame),
        ]
        interleaved(at_once.client, work if signs_out_first else work[::-1], first_for(steps))

        renewed = at_once.replies["alice.phone"][-1]["type"] == "renewed"
        is_open = at_once.says("alice.phone", {"action": "hello"})["type"] == "welcome"
        assert not (renewed and is_open)
        if is_open:
            assert len(at_once.stores.connections.get("alice.phone").tokens) == 1
