"""Handshakes that must fail: with what is no good token, from where no page is, and oversized."""

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
from tests.security.attacked_chat import PAGE, Fortress, MakeFortress
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
def fortress(make_fortress: MakeFortress) -> Fortress:
    """Alice is inside, with a good token."""
    fortress = make_fortress()
    fortress.does("alice", "createRoom", roomId="tea")
    return fortress


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
def test_what_is_no_good_token(
    fortress: Fortress, attack: Callable[[Issuer], str], place: str
) -> None:
    """It opens no connection, wherever it is: refused by the authorizer, and nothing is written."""
    token = attack(fortress.issuer)

    if place == "header":
        fortress.turns_away({"Authorization": f"Bearer {token}"})
    else:
        fortress.turns_away({"Sec-WebSocket-Protocol": f"chat.v1, {token}"})


@pytest.mark.parametrize("user_id", ["x" * 257, "\U0001fad6" * 65], ids=ascii)
def test_a_user_id_that_no_key_can_hold(fortress: Fortress, user_id: str) -> None:
    """An issuer's mistake is refused at the handshake, not found at the first frame."""
    token = fortress.issuer.token(sub=user_id)

    fortress.turns_away({"Authorization": f"Bearer {token}"}, status=400)


def test_a_name_that_cannot_be_sent(fortress: Fortress) -> None:
    """Half a character in the name keeps nobody out, and is no fault of the server."""
    token = fortress.secret(fortress.issuer.token(name="Alice\ud83d"))
    with fortress.undone():
        assert fortress.knocks("alice.laptop", {"Authorization": f"Bearer {token}"}) == 200
        fortress.replies["alice.laptop"] = []

        assert fortress.does("alice.laptop", "hello")["name"] == "u-alice"


def test_a_token_until_the_end_of_time(fortress: Fortress) -> None:
    """What ends on the last day there is opens a connection, which lives no longer for it."""
    good = {"Authorization": f"Bearer {fortress.token('alice', exp=LAST_SECOND)}"}
    with fortress.undone():
        assert fortress.knocks("alice.laptop", good) == 200
        fortress.replies["alice.laptop"] = []
        end = wire(fortress.clock.now() + CONNECTION_LIFE)

        assert fortress.does("alice.laptop", "hello")["expiresAt"] == end


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
def test_a_good_token_in_the_wrong_place(
    fortress: Fortress, headers: dict[str, str] | None
) -> None:
    """Only the two places that are documented count."""
    good = fortress.token("alice")

    fortress.turns_away(headers and {k: v.replace("{}", good) for k, v in headers.items()})


@pytest.mark.parametrize("field", ["token", "Token", "access_token", "authorization"])
def test_a_good_token_in_the_url(fortress: Fortress, field: str) -> None:
    """URLs end up in logs: a token there is none."""
    fortress.turns_away({}, {field: fortress.token("alice")})


def test_a_bad_token_is_not_made_good_by_another(fortress: Fortress) -> None:
    """With two tokens the header's is the one, whatever the other says."""
    good, bad = fortress.token("alice"), fortress.token("eve", key=STRANGER)

    fortress.turns_away(
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
def test_another_origin(fortress: Fortress, origin: str, header: str) -> None:
    """A good token helps no page from elsewhere: exactly the named origins count."""
    good = {"Authorization": f"Bearer {fortress.token('alice')}"}

    fortress.turns_away({**good, header: origin}, status=403)


def test_no_origin_where_one_is_required(make_fortress: MakeFortress) -> None:
    """Where only pages may connect, who names no origin is refused."""
    fortress = make_fortress()
    fortress.origins = Origins(frozenset({PAGE}), required=True)

    fortress.turns_away({"Authorization": f"Bearer {fortress.token('alice')}"}, status=403)


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
def test_oversized_headers(fortress: Fortress, headers: dict[str, str]) -> None:
    """Refused before anything is decoded; API Gateway takes 10,240 bytes of headers at most."""
    fortress.turns_away(headers)


def test_the_url_makes_nobody(fortress: Fortress) -> None:
    """A name, a key and a user id in the URL are nothing where nobody is a guest."""
    query = {"name": "alice", "key": "k" * 16, "userId": "u-alice", "sub": "u-alice"}

    fortress.turns_away({}, query)


def test_the_url_changes_nobody(fortress: Fortress) -> None:
    """Beside a good token they are not looked at."""
    good = {"Authorization": f"Bearer {fortress.token('bob')}"}
    with fortress.undone():
        assert fortress.knocks("bob", good, {"name": "alice", "userId": "u-alice"}) == 200
        fortress.replies["bob"] = []

        welcome = fortress.does("bob", "hello")

    assert (welcome["userId"], welcome["name"]) == ("u-bob", "bob")


def test_a_replayed_token_after_its_time(fortress: Fortress) -> None:
    """A token is good until its expiry, and never after."""
    token = fortress.token("alice", exp=fortress.clock.now() + timedelta(minutes=5), iat=None)
    headers = {"Authorization": f"Bearer {token}"}
    with fortress.undone():
        assert fortress.knocks("alice.laptop", headers) == 200
    fortress.issuer.clock.advance(minutes=-10)
    old = fortress.token("alice", exp=fortress.clock.now() + timedelta(minutes=5), iat=None)
    fortress.issuer.clock.advance(minutes=10)

    fortress.turns_away({"Authorization": f"Bearer {old}"})


def test_a_socket_ends_with_its_token(make_fortress: MakeFortress) -> None:
    """Whatever was opened with a token neither speaks nor hears after the token's time."""
    fortress = make_fortress()
    fortress.does("bob", "createRoom", roomId="tea")
    headers = {"Authorization": f"Bearer {fortress.token('alice')}"}
    assert fortress.knocks("alice", headers) == 200
    fortress.replies["alice"] = []
    fortress.does("alice", "joinRoom", roomId="tea")

    fortress.clock.advance(minutes=61)

    for frame in ({"action": "sendMessage", "text": "hi"}, {"action": "getHistory"}):
        fortress.refuses("alice", {**frame, "roomId": "tea"}, "unauthorized")
    fortress.refuses("alice", {"action": "listRooms"}, "unauthorized")


def test_a_token_that_is_nearly_over(make_fortress: MakeFortress) -> None:
    """It opens a connection that lives, to the second that the token and `welcome` say."""
    fortress = make_fortress()
    end = (fortress.clock.now() + timedelta(seconds=10)).replace(microsecond=0)
    headers = {"Authorization": f"Bearer {fortress.token('alice', exp=end)}"}
    assert fortress.knocks("alice", headers) == 200
    fortress.replies["alice"] = []

    assert fortress.does("alice", "hello")["expiresAt"] == wire(end)
    later = fortress.token("alice", iat=None)
    assert fortress.does("alice", "renew", token=later)["type"] == "renewed"
    fortress.clock.advance(seconds=11)
    assert fortress.does("alice", "hello")["expiresAt"] > wire(end)


@dataclass(frozen=True)
class Slow:
    """Verifies, and then takes its time."""

    tokens: Verifier
    clock: FakeClock
    seconds: float

    def verify(self, token: str) -> Identity:
        """Who the bearer was when it was asked."""
        found = self.tokens.verify(token)
        self.clock.advance(seconds=self.seconds)
        return found


def test_a_token_that_is_over_between_door_and_chat(make_fortress: MakeFortress) -> None:
    """What the authorizer let in a moment ago is refused, before a connection is written dead."""
    fortress = make_fortress()
    end = fortress.clock.now() + timedelta(seconds=5)
    headers = {"Authorization": f"Bearer {fortress.token('alice', exp=end)}"}
    fortress.door = Authorizer(Slow(fortress.door.tokens, fortress.issuer.clock, seconds=5))

    fortress.turns_away(headers)


def test_a_flood_of_unknown_kids(make_fortress: MakeFortress) -> None:
    """Made-up key ids neither reach the issuer more than twice a minute nor the tables at all."""
    fortress = make_fortress()

    for n in range(60):
        made_up = fortress.issuer.token(header={"kid": f"made up {n}"})
        fortress.turns_away({"Authorization": f"Bearer {made_up}"})
        fortress.clock.advance(seconds=1)

    assert fortress.issuer.asked <= 1 + 60 // FETCH_INTERVAL.total_seconds()


def test_the_issuer_is_down(make_fortress: MakeFortress) -> None:
    """Kept keys go on letting the right people in, and nobody else; without any, nobody."""
    fortress = make_fortress()
    fortress.does("alice", "ping")
    fortress.issuer.down = True
    fortress.clock.advance(seconds=JWKS_TTL.total_seconds() + 1)
    forged = fortress.issuer.token(key=STRANGER, iat=None)

    fortress.turns_away({"Authorization": f"Bearer {forged}"})
    assert fortress.knocks("bob", {"Authorization": f"Bearer {_late(fortress)}"}) == 200

    cold = make_fortress()
    cold.issuer.down = True
    cold.turns_away({"Authorization": f"Bearer {cold.token('alice')}"}, status=500)


def _late(fortress: Fortress) -> str:
    end = fortress.clock.now() + timedelta(hours=1)
    return fortress.token("bob", iat=None, exp=end)


def test_a_withdrawn_key(make_fortress: MakeFortress) -> None:
    """Tokens of a key that the issuer has taken back open nothing once the set is fetched anew."""
    fortress = make_fortress()
    fortress.does("alice", "ping")
    fortress.issuer.keys = [described(new_key(), "k2")]
    fortress.clock.advance(seconds=JWKS_TTL.total_seconds() + 1)

    stolen = fortress.issuer.token(key=PRIVATE, iat=None)
    fortress.turns_away({"Authorization": f"Bearer {stolen}"})
