"""Tokens that were signed out and are used again, later or at the same moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.reliability.model.scheduler import interleaved
from tests.security.attacked_chat import PAGE, AttackedChat, Headers, MakeChat
from tests.security.attacked_rooms import TEA
from tests.security.concurrent_requests import first_for

STEPS = range(1, 12)
"""More steps than either request makes DynamoDB requests: the first job halts before each."""


def test_a_token_opens_nothing_after_a_sign_out(make_chat: MakeChat) -> None:
    """The token opens and renews nothing in any place. Connections opened with it are closed."""
    chat = make_chat()
    stolen = chat.token("alice", jti="stolen")
    headers = {"Authorization": f"Bearer {stolen}", "Origin": PAGE}
    for id_ in ("alice.page", "alice.thief"):
        assert chat.handshake(id_, headers) == 200
        chat.replies[id_] = []
    chat.does("alice.phone", "createRoom", **TEA)
    chat.does("alice.thief", "joinRoom", **TEA)
    chat.does("alice.page", "signOut")

    chat.rejects_handshake(headers)
    chat.rejects_handshake({"Sec-WebSocket-Protocol": f"chat.v1, {stolen}", "Origin": PAGE})
    for id_ in ("alice.page", "alice.thief"):
        chat.rejects(id_, {"action": "sendMessage", **TEA, "text": "hi"}, "unauthorized")
    chat.rejects("alice.phone", {"action": "renew", "token": stolen}, "unauthorized")

    assert chat.push.closed == {"alice.thief"}
    assert chat.does("alice.phone", "listMembers", **TEA)["memberCount"] == 1


def test_a_token_with_another_encoding_is_still_signed_out(make_chat: MakeChat) -> None:
    """A token with padding, spaces or another equivalent signature is the same token."""
    chat = make_chat()
    token = chat.token("alice")
    headers = {"Authorization": f"Bearer {token}", "Origin": PAGE}
    assert chat.handshake("alice.page", headers) == 200
    chat.replies["alice.page"] = []
    chat.does("alice.page", "signOut")

    signed, _, signature = token.rpartition(".")
    for other in (f"{token}=", f"{token}==", f"{token} ", f" {token}", f"{signed}.{signature}A"):
        chat.rejects_handshake({**headers, "Authorization": f"Bearer {other}"})


@pytest.fixture(scope="module")
def two_devices(make_chat: MakeChat) -> AttackedChat:
    """Provide a chat where Alice's phone is connected with another token than her page."""
    chat = make_chat()
    chat.does("alice.phone", "createRoom", **TEA)
    return chat


def opens(chat: AttackedChat, connection_id: str, headers: Headers) -> int:
    """Send a handshake, and return the status."""
    chat.replies[connection_id] = []
    return chat.handshake(connection_id, headers)


@pytest.mark.parametrize("signs_out_first", [True, False])
@pytest.mark.parametrize("steps", STEPS)
def test_a_handshake_during_a_sign_out(
    two_devices: AttackedChat, signs_out_first: bool, steps: int
) -> None:
    """The handshake is rejected, or its connection is closed: the token opens nothing more."""
    token = two_devices.token("alice", jti="of the page")
    headers = {"Authorization": f"Bearer {token}", "Origin": PAGE}
    with two_devices.undone():
        assert opens(two_devices, "alice.page", headers) == 200

        work: list[Callable[[], object]] = [
            lambda: two_devices.does("alice.page", "signOut"),
            lambda: opens(two_devices, "alice.thief", headers),
        ]
        interleaved(two_devices.client, work if signs_out_first else work[::-1], first_for(steps))

        left = two_devices.says("alice.thief", {"action": "hello"})
        assert left["code"] == "unauthorized"
        assert two_devices.handshake("alice.later", headers) == 401
        assert list(two_devices.stores.user_connections.ids_of("u-alice")) == ["alice.phone"]


@pytest.mark.parametrize("signs_out_first", [True, False])
@pytest.mark.parametrize("steps", STEPS)
def test_a_renewal_during_a_sign_out(
    two_devices: AttackedChat, signs_out_first: bool, steps: int
) -> None:
    """A connection renewed with the token is closed. Otherwise the connection does not change."""
    end = two_devices.clock.now() + timedelta(minutes=90)
    token = two_devices.token("alice", exp=end)
    headers = {"Authorization": f"Bearer {token}", "Origin": PAGE}
    with two_devices.undone():
        assert opens(two_devices, "alice.page", headers) == 200
        frame = {"action": "renew", "token": token}

        work: list[Callable[[], object]] = [
            lambda: two_devices.does("alice.page", "signOut"),
            lambda: two_devices.says("alice.phone", frame),
        ]
        interleaved(two_devices.client, work if signs_out_first else work[::-1], first_for(steps))

        renewed = two_devices.replies["alice.phone"][-1]["type"] == "renewed"
        is_open = two_devices.says("alice.phone", {"action": "hello"})["type"] == "welcome"
        assert not (renewed and is_open)
        if is_open:
            assert len(two_devices.stores.connections.get("alice.phone").tokens) == 1
