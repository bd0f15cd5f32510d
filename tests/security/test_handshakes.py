"""Handshakes that must fail: with a bad token, from another origin, or oversized."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chat.auth.gateway_policy import Authorizer
from chat.auth.jwks import FETCH_INTERVAL, JWKS_TTL
from chat.auth.jwt_verifier import MAX_TOKEN_CHARS
from chat.domain.clock import CONNECTION_LIFE, wire
from chat.domain.identity import Identity, Origins
from chat.ports import Verifier
from tests.security.attacked_chat import PAGE, AttackedChat, MakeChat
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.issuer.bad_tokens import ATTACKS, LAST_SECOND
from tests.support.issuer.issuer import (
    CLIENT,
    NAME,
    PRIVATE,
    STRANGER,
    Issuer,
    described,
    new_key,
)


@pytest.fixture(scope="module")
def chat(make_chat: MakeChat) -> AttackedChat:
    """Provide a chat where Alice is connected with a valid token."""
    chat = make_chat()
    chat.does("alice", "createRoom", roomId="tea")
    return chat


OTHER_POOL = NAME.replace("issuer", "another-pool")
MORE: dict[str, Callable[[Issuer], str]] = {
    "of another pool, by its own key": lambda i: i.token(iss=OTHER_POOL, key=STRANGER),
    "of another pool, by our key": lambda i: i.token(iss=OTHER_POOL),
    "of another pool, by its own key under our kid": lambda i: i.token(
        iss=NAME, key=STRANGER, header={"kid": "k1"}
    ),
    "the audience of another app": lambda i: i.token(client_id="another", aud=CLIENT),
    "an expired one of a minute ago": lambda i: i.token(exp=i.clock.now() - timedelta(seconds=61)),
    "deep header": lambda _: f"{'W1tb' * 2_000}.e30.x",
    "deep claims": lambda i: f"{i.token().split('.')[0]}.{'W1tb' * 1_500}.x",
    "user id that is a list": lambda i: i.token(sub=["u-alice"]),
}


@pytest.mark.parametrize("attack", [*ATTACKS.values(), *MORE.values()], ids=[*ATTACKS, *MORE])
@pytest.mark.parametrize("place", ["header", "subprotocol"])
def test_a_bad_token_opens_no_connection(
    chat: AttackedChat, attack: Callable[[Issuer], str], place: str
) -> None:
    """The authorizer rejects it in either place, and nothing is written."""
    token = attack(chat.issuer)

    if place == "header":
        chat.rejects_handshake({"Authorization": f"Bearer {token}"})
    else:
        chat.rejects_handshake({"Sec-WebSocket-Protocol": f"chat.v1, {token}"})


@pytest.mark.parametrize("user_id", ["x" * 257, "\U0001fad6" * 65], ids=ascii)
def test_a_user_id_that_is_too_long_for_a_key_is_rejected(chat: AttackedChat, user_id: str) -> None:
    """An issuer's mistake is rejected at the handshake, not found at the first frame."""
    token = chat.issuer.token(sub=user_id)

    chat.rejects_handshake({"Authorization": f"Bearer {token}"}, status=400)


def test_a_name_that_cannot_be_encoded_is_replaced(chat: AttackedChat) -> None:
    """A lone surrogate in the name rejects no user, and causes no error of the server."""
    token = chat.secret(chat.issuer.token(name="Alice\ud83d"))
    with chat.undone():
        assert chat.handshake("alice.laptop", {"Authorization": f"Bearer {token}"}) == 200
        chat.replies["alice.laptop"] = []

        assert chat.does("alice.laptop", "hello")["name"] == "u-alice"


def test_a_token_that_never_expires_opens_a_limited_connection(chat: AttackedChat) -> None:
    """A token that expires on the last possible day opens a connection of the usual length."""
    good = {"Authorization": f"Bearer {chat.token('alice', exp=LAST_SECOND)}"}
    with chat.undone():
        assert chat.handshake("alice.laptop", good) == 200
        chat.replies["alice.laptop"] = []
        end = wire(chat.clock.now() + CONNECTION_LIFE)

        assert chat.does("alice.laptop", "hello")["expiresAt"] == end


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        {"Authorization": "{}"},
        {"Authorization": "Basic {}"},
        {"Authorization": "Bearer: {}"},
        {"Authorization": "Bearer {}, Bearer {}"},
        {"Authorization": "Bearer\t{}"},
        {"X-Authorization": "Bearer {}"},
        {"Cookie": "token={}"},
        {"Sec-WebSocket-Protocol": "{}"},
        {"Sec-WebSocket-Protocol": "{}, chat.v1"},
        {"Sec-WebSocket-Protocol": "{}, {}"},
        {"Sec-WebSocket-Protocol": "chat.v1, chat.v1, {}"},
        {"Sec-WebSocket-Protocol": "chat.v1, x, {}"},
        {"Sec-WebSocket-Protocol": "chat.v1; {}"},
        {"Sec-WebSocket-Protocol": "chat.v1 {}"},
        {"Sec-WebSocket-Protocol": "CHAT.V1, {}"},
        {"Sec-WebSocket-Protocol": "chat.v2, {}"},
        {"Sec-WebSocket-Protocol": "chat.v1, bearer {}"},
        {"Sec-WebSocket-Extensions": "chat.v1, {}"},
        {"Sec-WebSocket-Protocol": ", , ,"},
        {"Sec-WebSocket-Protocol": "chat.v1,"},
    ],
    ids=str,
)
def test_a_good_token_in_the_wrong_place_is_rejected(
    chat: AttackedChat, headers: dict[str, str] | None
) -> None:
    """A token counts only in the two places that are documented."""
    good = chat.token("alice")

    chat.rejects_handshake(headers and {k: v.replace("{}", good) for k, v in headers.items()})


@pytest.mark.parametrize("field", ["token", "Token", "access_token", "authorization"])
def test_a_good_token_in_the_url_is_rejected(chat: AttackedChat, field: str) -> None:
    """URLs are written to logs, so a token in a URL does not count."""
    chat.rejects_handshake({}, {field: chat.token("alice")})


def test_a_bad_token_is_rejected_beside_a_good_one(chat: AttackedChat) -> None:
    """If there are two tokens, the token in the header counts."""
    good, bad = chat.token("alice"), chat.token("eve", key=STRANGER)

    chat.rejects_handshake(
        {"Authorization": f"Bearer {bad}", "Sec-WebSocket-Protocol": f"chat.v1, {good}"}
    )


@pytest.mark.parametrize(
    "origin",
    [
        *("null", "", " ", "*", "https://", "file://", "about:blank"),
        *(
            "http://chat.example",
            "HTTPS://chat.example",
            "https://CHAT.example",
            "wss://chat.example",
        ),
        *("https://chat.example/", "https://chat.example:443", "https://chat.example:8443"),
        *("https://chat.example.eve.example", "https://eve.example/https://chat.example"),
        *(
            "https://evechat.example",
            "https://chat.example@eve.example",
            "https://sub.chat.example",
        ),
        *("https://chat.example, https://eve.example", "https://chat.example https://eve.example"),
        *("https://chat.ex\u0430mple", "https://xn--chat.example", " https://chat.example"),
        *("https://chat.example\n", "https://chat.example\x00", "https://chat.exampl"),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("header", ["Origin", "origin", "ORIGIN"])
def test_another_origin_is_rejected(chat: AttackedChat, origin: str, header: str) -> None:
    """A valid token helps no page of another origin: origins are compared exactly."""
    good = {"Authorization": f"Bearer {chat.token('alice')}"}

    chat.rejects_handshake({**good, header: origin}, status=403)


def test_a_missing_origin_is_rejected_if_one_is_required(make_chat: MakeChat) -> None:
    """If only pages may connect, a handshake without an origin is rejected."""
    chat = make_chat()
    chat.origins = Origins(frozenset({PAGE}), required=True)

    chat.rejects_handshake({"Authorization": f"Bearer {chat.token('alice')}"}, status=403)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer " + "x" * (MAX_TOKEN_CHARS + 1)},
        {"Authorization": "Bearer " + "a." * 5_000},
        {"Sec-WebSocket-Protocol": "chat.v1, " + "x" * 100_000},
        {"Sec-WebSocket-Protocol": "chat.v1, " * 10_000},
        {"Authorization": "x" * 1_000_000},
    ],
    ids=lambda headers: next(iter(headers.values()))[:12],
)
def test_oversized_headers_are_rejected(chat: AttackedChat, headers: dict[str, str]) -> None:
    """They are rejected before decoding. API Gateway accepts at most 10,240 bytes of headers."""
    chat.rejects_handshake(headers)


def test_the_url_does_not_authenticate(chat: AttackedChat) -> None:
    """A name, a key and a user id in the URL open nothing where guests are not allowed."""
    query = {"name": "alice", "key": "k" * 16, "userId": "u-alice", "sub": "u-alice"}

    chat.rejects_handshake({}, query)


def test_the_url_does_not_change_the_user(chat: AttackedChat) -> None:
    """With a valid token, the name and the user id in the URL are ignored."""
    good = {"Authorization": f"Bearer {chat.token('bob')}"}
    with chat.undone():
        assert chat.handshake("bob", good, {"name": "alice", "userId": "u-alice"}) == 200
        chat.replies["bob"] = []

        welcome = chat.does("bob", "hello")

    assert (welcome["userId"], welcome["name"]) == ("u-bob", "bob")


def test_an_expired_token_is_rejected(chat: AttackedChat) -> None:
    """A token is valid until its expiry, and never after it."""
    token = chat.token("alice", exp=chat.clock.now() + timedelta(minutes=5), iat=None)
    headers = {"Authorization": f"Bearer {token}"}
    with chat.undone():
        assert chat.handshake("alice.laptop", headers) == 200
    chat.issuer.clock.advance(minutes=-10)
    old = chat.token("alice", exp=chat.clock.now() + timedelta(minutes=5), iat=None)
    chat.issuer.clock.advance(minutes=10)

    chat.rejects_handshake({"Authorization": f"Bearer {old}"})


def test_a_connection_ends_with_its_token(make_chat: MakeChat) -> None:
    """After the token's expiry the connection neither sends nor receives."""
    chat = make_chat()
    chat.does("bob", "createRoom", roomId="tea")
    headers = {"Authorization": f"Bearer {chat.token('alice')}"}
    assert chat.handshake("alice", headers) == 200
    chat.replies["alice"] = []
    chat.does("alice", "joinRoom", roomId="tea")

    chat.clock.advance(minutes=61)

    for frame in ({"action": "sendMessage", "text": "hi"}, {"action": "getHistory"}):
        chat.rejects("alice", {**frame, "roomId": "tea"}, "unauthorized")
    chat.rejects("alice", {"action": "listRooms"}, "unauthorized")


def test_a_token_that_expires_soon_opens_a_short_connection(make_chat: MakeChat) -> None:
    """The connection ends at the second that the token and `welcome` name, unless it is renewed."""
    chat = make_chat()
    end = (chat.clock.now() + timedelta(seconds=10)).replace(microsecond=0)
    headers = {"Authorization": f"Bearer {chat.token('alice', exp=end)}"}
    assert chat.handshake("alice", headers) == 200
    chat.replies["alice"] = []

    assert chat.does("alice", "hello")["expiresAt"] == wire(end)
    later = chat.token("alice", iat=None)
    assert chat.does("alice", "renew", token=later)["type"] == "renewed"
    chat.clock.advance(seconds=11)
    assert chat.does("alice", "hello")["expiresAt"] > wire(end)


@dataclass(frozen=True)
class SlowVerifier:
    """Verifies a token, and then lets time pass."""

    tokens: Verifier
    clock: FakeClock
    seconds: float

    def verify(self, token: str) -> Identity:
        """Return the identity as it was before the delay."""
        found = self.tokens.verify(token)
        self.clock.advance(seconds=self.seconds)
        return found


def test_a_token_that_expires_after_the_authorizer_is_rejected(make_chat: MakeChat) -> None:
    """`$connect` rejects a token that expired since the authorizer, and writes no connection."""
    chat = make_chat()
    end = chat.clock.now() + timedelta(seconds=5)
    headers = {"Authorization": f"Bearer {chat.token('alice', exp=end)}"}
    chat.authorizer = Authorizer(SlowVerifier(chat.authorizer.tokens, chat.issuer.clock, seconds=5))

    chat.rejects_handshake(headers)


def test_unknown_key_ids_do_not_flood_the_issuer(make_chat: MakeChat) -> None:
    """Made-up key ids cause at most two requests a minute to the issuer, and none to the tables."""
    chat = make_chat()

    for n in range(60):
        made_up = chat.issuer.token(header={"kid": f"made up {n}"})
        chat.rejects_handshake({"Authorization": f"Bearer {made_up}"})
        chat.clock.advance(seconds=1)

    assert chat.issuer.asked <= 1 + 60 // FETCH_INTERVAL.total_seconds()


def test_cached_keys_are_used_while_the_issuer_is_down(make_chat: MakeChat) -> None:
    """Cached keys still accept valid tokens and reject others.

    Without cached keys all tokens fail.
    """
    chat = make_chat()
    chat.does("alice", "ping")
    chat.issuer.down = True
    chat.clock.advance(seconds=JWKS_TTL.total_seconds() + 1)
    forged = chat.issuer.token(key=STRANGER, iat=None)

    chat.rejects_handshake({"Authorization": f"Bearer {forged}"})
    assert chat.handshake("bob", {"Authorization": f"Bearer {_late(chat)}"}) == 200

    cold = make_chat()
    cold.issuer.down = True
    cold.rejects_handshake({"Authorization": f"Bearer {cold.token('alice')}"}, status=500)


def _late(chat: AttackedChat) -> str:
    end = chat.clock.now() + timedelta(hours=1)
    return chat.token("bob", iat=None, exp=end)


def test_a_removed_key_opens_nothing(make_chat: MakeChat) -> None:
    """After the next fetch of the key set, tokens of a removed key open nothing."""
    chat = make_chat()
    chat.does("alice", "ping")
    chat.issuer.keys = [described(new_key(), "k2")]
    chat.clock.advance(seconds=JWKS_TTL.total_seconds() + 1)

    stolen = chat.issuer.token(key=PRIVATE, iat=None)
    chat.rejects_handshake({"Authorization": f"Bearer {stolen}"})
