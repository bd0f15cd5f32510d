"""Whoever an authorizer has let in is who the token says, for as long as it says."""

from datetime import timedelta
from typing import Any

import pytest

from chat.dispatch import dispatch
from chat.domain.clock import CONNECTION_LIFE, wire
from chat.domain.identity import Origins
from tests.support.harness import Chat, event

TEA = {"roomId": "tea"}


def bearer(chat: Chat, *, minutes: float = 60, **changes: str) -> dict[str, str]:
    """An authorizer's context, with API Gateway's own additions."""
    end = chat.clock.now() + timedelta(minutes=minutes)
    found = {"userId": "u-alice", "name": "Alice", "expiresAt": str(int(end.timestamp()))}
    return {**found, "principalId": "u-alice", "integrationLatency": "12", **changes}


@pytest.fixture
def chat() -> Chat:
    """A chat in which nobody is a guest."""
    return Chat(guests=False)


def test_is_who_the_token_says(chat: Chat) -> None:
    """User id and name are the token's, decoded."""
    chat.is_let_in("a", **bearer(chat, userId="u%2F1", name="Zo%C3%AB"))

    welcome = chat.says("a", {"action": "hello"})

    assert (welcome["userId"], welcome["name"]) == ("u/1", "Zoë")


def test_the_url_says_nothing(chat: Chat) -> None:
    """A name in the URL beside a token is not looked at."""
    opened = event("CONNECT", "a", queryStringParameters={"name": "Bob", "key": "k" * 16})
    opened["requestContext"]["authorizer"] = bearer(chat)
    dispatch(opened, chat.services)
    chat.replies["a"] = []

    assert chat.says("a", {"action": "hello"})["userId"] == "u-alice"


def test_no_guests(chat: Chat) -> None:
    """Without an authorizer's word nobody comes in, and nothing is written."""
    assert chat.connects("a", name="alice") == 401
    assert chat.stores.connections.remove("a") is None


@pytest.mark.parametrize("lacking", ["userId", "name", "expiresAt"])
def test_half_a_word(chat: Chat, lacking: str) -> None:
    """A context that lacks something is the server's fault, and lets nobody in."""
    found = bearer(chat)
    del found[lacking]

    assert chat.is_let_in("a", **found) == 500
    assert chat.stores.connections.remove("a") is None


@pytest.mark.parametrize("name", ["", "%20", "%E2%80%AE", "x" * 65, "a%0Ab"])
def test_a_name_that_nobody_may_have(chat: Chat, name: str) -> None:
    """Whose name cannot be shown is called by the user id."""
    chat.is_let_in("a", **bearer(chat, name=name))

    assert chat.says("a", {"action": "hello"})["name"] == "u-alice"


def test_token_expiry_with_the_token(chat: Chat) -> None:
    """After its token's time a connection neither speaks nor hears, whatever the socket does."""
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
def test_what_is_over_does_not_begin(chat: Chat, minutes: float) -> None:
    """A token that has ended on its way from the door opens nothing, and nothing is written."""
    assert chat.is_let_in("a", **bearer(chat, minutes=minutes)) == 401
    assert chat.stores.connections.remove("a") is None


@pytest.mark.parametrize(
    ("minutes", "expected"), [(30, timedelta(minutes=30)), (600, CONNECTION_LIFE)]
)
def test_welcome_tells_the_end(chat: Chat, minutes: float, expected: timedelta) -> None:
    """A client learns when to come with a new token: at the token's end, or at the connection's."""
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
    """A browser that offers `chat.v1` hears that it was chosen, and never its token back."""
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
    """A handshake of a page; None is no browser."""
    return event("CONNECT", "a", headers={"Origin": origin} if origin is not None else None)


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_another_origin(origin: str) -> None:
    """A page from elsewhere is refused, whoever is logged in there, and nothing is written."""
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
    """Our page comes in, and what is no browser as the setting says."""
    assert dispatch(from_page(origin), Chat(origins=origins).services)["statusCode"] == status
