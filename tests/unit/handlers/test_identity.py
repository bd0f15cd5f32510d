"""A connection's user is the token's, until the token expires."""

from datetime import timedelta
from typing import Any

import pytest

from chat.dispatch import dispatch
from chat.domain.clock import CONNECTION_LIFE, wire
from chat.domain.identity import Origins
from tests.support.harness import Chat, event

TEA = {"roomId": "tea"}


def bearer(chat: Chat, *, minutes: float = 60, **changes: str) -> dict[str, str]:
    """Return an authorizer's context, with API Gateway's own additions."""
    end = chat.clock.now() + timedelta(minutes=minutes)
    found = {"userId": "u-alice", "name": "Alice", "expiresAt": str(int(end.timestamp()))}
    return {**found, "principalId": "u-alice", "integrationLatency": "12", **changes}


@pytest.fixture
def chat() -> Chat:
    """Return a chat without guests."""
    return Chat(guests=False)


def test_is_who_the_token_says(chat: Chat) -> None:
    """User id and name are the token's, decoded."""
    chat.is_let_in("a", **bearer(chat, userId="u%2F1", name="Zo%C3%AB"))

    welcome = chat.says("a", {"action": "hello"})

    assert (welcome["userId"], welcome["name"]) == ("u/1", "Zoë")


def test_the_url_says_nothing(chat: Chat) -> None:
    """A name in the URL beside a token is ignored."""
    opened = event("CONNECT", "a", queryStringParameters={"name": "Bob", "key": "k" * 16})
    opened["requestContext"]["authorizer"] = bearer(chat)
    dispatch(opened, chat.services)
    chat.replies["a"] = []

    assert chat.says("a", {"action": "hello"})["userId"] == "u-alice"


def test_no_guests(chat: Chat) -> None:
    """Without an authorizer's context the handshake is refused, and nothing is written."""
    assert chat.connects("a", name="alice") == 401
    assert chat.stores.connections.remove("a") is None


@pytest.mark.parametrize("lacking", ["userId", "name", "expiresAt"])
def test_half_a_word(chat: Chat, lacking: str) -> None:
    """An incomplete context is an error of the server, and the handshake is refused."""
    found = bearer(chat)
    del found[lacking]

    assert chat.is_let_in("a", **found) == 500
    assert chat.stores.connections.remove("a") is None


@pytest.mark.parametrize("name", ["", "%20", "%E2%80%AE", "x" * 65, "a%0Ab"])
def test_a_name_that_cannot_be_shown(chat: Chat, name: str) -> None:
    """A user with a name that cannot be shown gets the user id as name."""
    chat.is_let_in("a", **bearer(chat, name=name))

    assert chat.says("a", {"action": "hello"})["name"] == "u-alice"


def test_token_expiry_with_the_token(chat: Chat) -> None:
    """After the token's expiry a connection neither sends nor receives."""
    chat.is_let_in("alice", **bearer(chat, minutes=30))
    chat.is_let_in("bob", **bearer(chat, userId="u-bob", minutes=90))
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    heard = len(chat.heard("alice"))

    chat.clock.advance(minutes=31)
    said = chat.says("bob", {"action": "sendMessage", **TEA, "text": "hi"})

    assert said["type"] == "messageSent"
    assert len(chat.heard("alice")) == heard
    assert chat.says("alice", {"action": "getHistory", **TEA})["code"] == "unauthorized"
    assert chat.says("bob", {"action": "listMembers", **TEA})["memberCount"] == 1


@pytest.mark.parametrize("minutes", [0, -0.1, -60])
def test_an_expired_token_opens_nothing(chat: Chat, minutes: float) -> None:
    """A token that expires after the authorizer opens no connection, and nothing is written."""
    assert chat.is_let_in("a", **bearer(chat, minutes=minutes)) == 401
    assert chat.stores.connections.remove("a") is None


@pytest.mark.parametrize(
    ("minutes", "expected"), [(30, timedelta(minutes=30)), (600, CONNECTION_LIFE)]
)
def test_welcome_has_the_expiry(chat: Chat, minutes: float, expected: timedelta) -> None:
    """`welcome` has the expiry: that of the token or of the connection."""
    chat.is_let_in("a", **bearer(chat, minutes=minutes))

    assert chat.says("a", {"action": "hello"})["expiresAt"] == wire(chat.clock.now() + expected)


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        (None, None),
        ({}, None),
        ({"Sec-WebSocket-Protocol": "chat.v1, a.b.c"}, "chat.v1"),
        ({"sec-websocket-protocol": "chat.v1"}, "chat.v1"),
        ({"Sec-WebSocket-Protocol": "a.b.c"}, None),
    ],
)
def test_chooses_the_subprotocol(headers: Any, answered: str | None) -> None:
    """The handshake of a browser chooses `chat.v1`, and never returns the token."""
    chat = Chat()

    response = dispatch(event("CONNECT", "a", headers=headers), chat.services)

    assert response["statusCode"] == 200
    assert response.get("headers", {}).get("Sec-WebSocket-Protocol") == answered


PAGE = "https://chat.example"
ELSEWHERE = [
    "https://eve.example",
    "http://chat.example",
    "https://chat.example:8443",
    "https://chat.example.eve.example",
    "https://CHAT.example",
    "null",
    "",
]


def from_page(origin: str | None) -> dict[str, Any]:
    """Return a handshake from a page, or from no browser for None."""
    return event("CONNECT", "a", headers={"Origin": origin} if origin is not None else None)


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_another_origin(origin: str) -> None:
    """A page of another origin is refused, and nothing is written."""
    chat = Chat(origins=Origins(frozenset({PAGE})))

    assert dispatch(from_page(origin), chat.services)["statusCode"] == 403
    assert chat.stores.connections.remove("a") is None


@pytest.mark.parametrize(
    ("origins", "origin", "status"),
    [
        (Origins(), PAGE, 200),
        (Origins(), None, 200),
        (Origins(frozenset({PAGE})), PAGE, 200),
        (Origins(frozenset({PAGE})), None, 200),
        (Origins(frozenset({PAGE}), required=True), PAGE, 200),
        (Origins(frozenset({PAGE}), required=True), None, 403),
    ],
)
def test_origins(origins: Origins, origin: str | None, status: int) -> None:
    """The configured origin is accepted; clients without an origin by the setting."""
    assert dispatch(from_page(origin), Chat(origins=origins).services)["statusCode"] == status
