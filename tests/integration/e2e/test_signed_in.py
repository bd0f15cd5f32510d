"""The chat with a user pool: which handshakes are accepted, and for which user."""

from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.integration.e2e.signed_in import SignedIn, subject
from tests.support.clients.websocket import WebSocketClient
from tests.support.emulator import Pool
from tests.support.issuer.issuer import STRANGER, Issuer

Tokens = dict[str, Any]


@pytest.fixture(scope="module")
def chat(pool: Pool) -> SignedIn:
    """Return a chat whose users sign in."""
    return SignedIn(pool)


def test_two_users_chat(chat: SignedIn) -> None:
    """Each user is the one of the token, for the other as well."""
    alices, bobs = chat.tokens("alice")["AccessToken"], chat.tokens("bob")["AccessToken"]
    with chat.connect(alices) as first, chat.connect(bobs) as second:
        alice, bob = WebSocketClient(first), WebSocketClient(second)
        alice.ask("createRoom", roomId="tea")
        bob.ask("joinRoom", roomId="tea")
        alice.ask("sendMessage", roomId="tea", text="hi")
        message = bob.next_event("message")["message"]

    assert message["sender"] == {"userId": subject(alices), "name": "alice"}


def test_a_browsers_handshake(chat: SignedIn) -> None:
    """A browser offers the token as a subprotocol, and `chat.v1` is chosen."""
    token = chat.tokens("alice")["AccessToken"]

    with chat.connect(subprotocols=["chat.v1", token]) as socket:
        assert socket.subprotocol == "chat.v1"
        assert WebSocketClient(socket).ask("hello")["userId"] == subject(token)


def test_the_connection_ends_with_the_token(chat: SignedIn) -> None:
    """`welcome` has the expiry of the token."""
    with chat.connect(chat.tokens("alice")["AccessToken"]) as socket:
        welcome = WebSocketClient(socket).ask("hello")

    assert welcome["expiresAt"][:13] != welcome["serverTime"][:13]


def refused(chat: SignedIn, token: str | None = None, **options: Any) -> None:
    """Assert that a handshake is refused and writes nothing."""
    before = chat.written()

    with pytest.raises(InvalidStatus) as caught:
        chat.connect(token, **options)

    assert caught.value.response.status_code == 401
    assert chat.written() <= before


def test_refuses_a_missing_token(chat: SignedIn) -> None:
    """A name in the URL does not identify a user here."""
    refused(chat)


def test_refuses_an_id_token(chat: SignedIn) -> None:
    """An id token is for the page, not for an API."""
    refused(chat, chat.tokens("alice")["IdToken"])


@pytest.mark.parametrize("part", range(3))
def test_refuses_a_broken_token(chat: SignedIn, part: int) -> None:
    """A token with one changed character is refused."""
    parts = chat.tokens("alice")["AccessToken"].split(".")
    middle = len(parts[part]) // 2
    other = "A" if parts[part][middle] != "A" else "B"
    parts[part] = parts[part][:middle] + other + parts[part][middle + 1 :]

    refused(chat, ".".join(parts))


def test_refuses_a_token_with_another_key(chat: SignedIn) -> None:
    """A token that is signed with another key is refused, with any claims."""
    pool = chat.endpoints.user_pool_id
    region = str(pool).partition("_")[0]
    forged = Issuer().token(
        key=STRANGER,
        iss=f"https://cognito-idp.{region}.amazonaws.com/{pool}",
        client_id=chat.endpoints.user_pool_client_id,
    )

    refused(chat, forged)


def test_refuses_a_token_in_the_url(chat: SignedIn) -> None:
    """A token in the URL is refused, because URLs are written to logs."""
    url = f"{chat.endpoints.web_socket_url}?token={chat.tokens('alice')['AccessToken']}"

    with pytest.raises(InvalidStatus):
        connect(url, proxy=None)
