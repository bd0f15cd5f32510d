"""Expiry of connections: invalid renewals, and connections that an operator closes."""

from datetime import timedelta

import pytest

from chat.domain.clock import CONNECTION_LIFE, wire
from chat.logic.closing import close_expired, close_user
from tests.security.attacked_chat import AttackedChat, MakeChat
from tests.security.attacked_rooms import TEA
from tests.support.issuer.bad_tokens import ATTACKS, LAST_SECOND
from tests.support.issuer.issuer import STRANGER


@pytest.fixture(scope="module")
def chat(make_chat: MakeChat) -> AttackedChat:
    """Provide a chat where Alice and Bob are in the tea room."""
    chat = make_chat()
    chat.does("alice", "createRoom", **TEA)
    chat.does("bob", "joinRoom", **TEA)
    return chat


@pytest.mark.parametrize("attack", ATTACKS)
def test_renewals_with_a_bad_token_are_rejected(chat: AttackedChat, attack: str) -> None:
    """A token that opens no connection renews none, and changes nothing of it."""
    token = chat.secret(ATTACKS[attack](chat.issuer))
    code = "bad_request" if attack in ("too long", "empty") else "unauthorized"

    chat.rejects("alice", {"action": "renew", "token": token}, code)


def test_renewals_with_the_token_of_another_user_are_rejected(chat: AttackedChat) -> None:
    """A connection keeps its user, even with a valid token of another user."""
    end = chat.clock.now() + timedelta(hours=2)

    for user in ("bob", "nobody"):
        frame = {"action": "renew", "token": chat.token(user, exp=end)}
        chat.rejects("alice", frame, "forbidden")


def test_renewals_after_the_expiry_are_rejected(make_chat: MakeChat) -> None:
    """An expired connection cannot be renewed. A valid token opens a new connection."""
    chat = make_chat()
    chat.does("alice", "createRoom", **TEA)
    chat.clock.advance(minutes=61)
    end = chat.clock.now() + timedelta(hours=1)

    frame = {"action": "renew", "token": chat.token("alice", iat=None, exp=end)}
    chat.rejects("alice", frame, "unauthorized")


def test_a_renewal_does_not_exceed_the_longest_connection(chat: AttackedChat) -> None:
    """With a token for thousands of years a connection still ends after two hours."""
    with chat.undone():
        token = chat.token("bob", exp=LAST_SECOND)

        renewed = chat.does("bob", "renew", token=token)

        assert renewed["expiresAt"] == wire(chat.clock.now() + CONNECTION_LIFE)


def test_a_shorter_token_does_not_shorten_a_connection(chat: AttackedChat) -> None:
    """The expiry stays. The token is stored, so that a sign-out finds the connection."""
    soon = chat.clock.now() + timedelta(minutes=1)
    before = chat.items()

    with chat.undone():
        chat.does("alice", "renew", token=chat.token("alice", exp=soon))

        assert chat.changed(before) == {("CONNECTION#alice", "CONNECTION"): {"tokens"}}


def test_a_token_of_a_banned_user_opens_nothing(make_chat: MakeChat) -> None:
    """A chat-wide ban rejects the next handshake, although the token is valid.

    It applies to every device and token of the user, and writes nothing. Other users can connect.
    """
    chat = make_chat()
    token = chat.token("alice")
    chat.stores.bans.ban("u-alice")

    for good in (token, chat.token("alice", client_id="chat-client", jti="2")):
        chat.rejects_handshake({"Authorization": f"Bearer {good}"}, status=403)
    assert chat.connects("bob") == 200


def test_a_ban_closes_open_connections(make_chat: MakeChat) -> None:
    """The banned user's connections neither send nor receive, and cannot be renewed."""
    chat = make_chat()
    chat.does("bob", "createRoom", **TEA)
    for device in ("alice", "alice.phone"):
        chat.does(device, "joinRoom", **TEA)
    chat.stores.bans.ban("u-alice")
    close_user("u-alice", chat.services)
    heard = len(chat.heard("alice"))

    chat.does("bob", "sendMessage", **TEA, text="gone?")

    assert len(chat.heard("alice")) == heard
    for device in ("alice", "alice.phone"):
        for frame in ({"action": "sendMessage", **TEA, "text": "hi"}, {"action": "listRooms"}):
            chat.rejects(device, frame, "unauthorized")
        renewal = {"action": "renew", "token": chat.token("alice")}
        chat.rejects(device, renewal, "unauthorized")


def test_the_connection_closer_closes_expired_connections(make_chat: MakeChat) -> None:
    """An expired connection is closed and leaves its rooms, even if its client stays connected."""
    chat = make_chat()
    chat.does("bob", "createRoom", **TEA)
    soon = chat.clock.now() + timedelta(minutes=5)
    headers = {"Authorization": f"Bearer {chat.token('alice', exp=soon)}"}
    assert chat.handshake("alice", headers) == 200
    chat.replies["alice"] = []
    chat.does("alice", "joinRoom", **TEA)
    chat.clock.advance(minutes=6)

    close_expired(chat.services)

    assert "alice" in chat.push.closed
    assert [a.connection_id for a in chat.services.subscribers.of("tea")] == ["bob"]


def test_forged_tokens_do_not_flood_the_issuer(chat: AttackedChat) -> None:
    """Renewals with made-up key ids cause as few requests to the issuer as handshakes."""
    asked = chat.issuer.asked

    for n in range(30):
        forged = chat.issuer.token(key=STRANGER, header={"kid": f"made up {n}"})
        chat.rejects("alice", {"action": "renew", "token": forged}, "unauthorized")

    assert chat.issuer.asked <= asked + 1
