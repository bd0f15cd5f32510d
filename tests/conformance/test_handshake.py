"""Handshakes: which are accepted, and for which user."""

import pytest
from websockets.exceptions import InvalidStatus

from tests.conformance.client import Connect
from tests.conformance.endpoint import Endpoint

KEY = "0123456789abcdef"


@pytest.fixture
def guests(endpoint: Endpoint) -> Endpoint:
    """Return the chat if its users are guests; skip the test otherwise."""
    if endpoint.tokens:
        pytest.skip("users sign in to this chat")
    return endpoint


@pytest.fixture
def signed_in(endpoint: Endpoint) -> Endpoint:
    """Return the chat if its users sign in; skip the test otherwise."""
    if not endpoint.tokens:
        pytest.skip("users of this chat are guests")
    return endpoint


def test_a_user_is_the_same_on_every_connection(connect: Connect) -> None:
    """The same key or token is the same user, and another one is another user."""
    first, second, other = connect("alice"), connect("alice"), connect("bob")

    assert first.user_id() == second.user_id() != other.user_id()


def test_a_key_stays_secret(guests: Endpoint, connect: Connect) -> None:
    """A guest's userId is `guest-` and 32 hex digits of the key's SHA-256."""
    user_id = connect("alice").user_id()

    assert user_id.startswith("guest-")
    assert len(user_id) == len("guest-") + 32
    assert guests._salt not in user_id


@pytest.mark.parametrize(
    ("what", "query"),
    {
        "a short key": {"key": "short"},
        "a long key": {"key": "x" * 129},
        "a key with spaces": {"key": f"{KEY} {KEY}"},
        "a name of two lines": {"key": KEY, "name": "a\nb"},
        "an invisible name": {"key": KEY, "name": "\u200b"},
        "a name that turns text around": {"key": KEY, "name": "a\u202eb"},
        "a name over every limit": {"key": KEY, "name": "x" * 257},
    }.items(),
)
def test_a_bad_name_or_key_is_refused(guests: Endpoint, what: str, query: dict[str, str]) -> None:
    """A name or key against the rules is refused at the handshake with 400 or 403."""
    with pytest.raises(InvalidStatus) as caught, guests.connect(**query):
        pass

    assert caught.value.response.status_code in {400, 403}, what


def test_a_missing_token_is_refused(signed_in: Endpoint) -> None:
    """If users sign in, a handshake without a token is refused with 401."""
    with pytest.raises(InvalidStatus) as caught, signed_in.connect(name="alice", key=KEY):
        pass

    assert caught.value.response.status_code == 401


def test_a_forged_token_is_refused(signed_in: Endpoint) -> None:
    """A token with another signature is refused with 401."""
    head, _, signature = signed_in.tokens[0].rpartition(".")
    forged = f"{head}.{signature[:10][::-1]}{signature[10:]}"

    with pytest.raises(InvalidStatus) as caught, signed_in.connect(token=forged):
        pass

    assert caught.value.response.status_code == 401


def test_a_browser_brings_its_token_as_a_subprotocol(signed_in: Endpoint) -> None:
    """A browser offers its token as a subprotocol beside `chat.v1`, and `chat.v1` is chosen."""
    with signed_in.connect(subprotocols=["chat.v1", signed_in.tokens[0]]) as opened:
        assert opened.subprotocol == "chat.v1"


def test_a_guest_has_nothing_to_renew(guests: Endpoint, connect: Connect) -> None:
    """`renew` of a guest is `forbidden`."""
    assert guests.url
    assert connect("alice").refused("renew", token="x") == "forbidden"


def test_a_guest_has_nothing_to_sign_out_of(guests: Endpoint, connect: Connect) -> None:
    """`signOut` of a guest is `forbidden`."""
    assert guests.url
    assert connect("alice").refused("signOut") == "forbidden"


def test_a_token_is_renewed(signed_in: Endpoint, connect: Connect) -> None:
    """`renew` accepts the user's token; a bad one is `unauthorized`, another user's `forbidden`."""
    alice = connect("alice")

    assert alice.get("renew", "renewed", token=signed_in.tokens[0])["expiresAt"]
    assert alice.refused("renew", token="no token") == "unauthorized"
    assert alice.refused("renew", token=signed_in.tokens[1]) == "forbidden"
    assert alice.get("ping", "pong")
