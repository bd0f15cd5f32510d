"""Guests, where they are allowed: whoever does not have somebody's key is somebody else."""

import hashlib

import pytest

from tests.security.attacked_chat import Fortress, MakeFortress

KEY = "correct-horse-battery.staple_1~"


@pytest.fixture(scope="module")
def fortress(make_fortress: MakeFortress) -> Fortress:
    """Alice is a guest, by her key."""
    chat = make_fortress()
    chat.guests = True
    assert chat.visits({"name": "alice", "key": chat.secret(KEY)}) == 200
    return chat


def who(chat: Fortress, query: dict[str, str]) -> str:
    """The user id that a guest's query makes."""
    with chat.undone():
        assert chat.visits(query) == 200
        return chat.user_id("intruder")


def alice(chat: Fortress) -> str:
    return who(chat, {"name": "alice", "key": KEY})


NEAR = {
    "one character off": f"{KEY[:-1]}2",
    "another case": KEY.upper(),
    "longer": f"{KEY}1",
    "cut": KEY[:-1],
    "its hash": hashlib.sha256(KEY.encode()).hexdigest(),
    "her user id": f"guest-{hashlib.sha256(KEY.encode()).hexdigest()[:32]}",
}


@pytest.mark.parametrize("guess", NEAR.values(), ids=NEAR.keys())
def test_guessed_keys(fortress: Fortress, guess: str) -> None:
    """A key that is not hers is another user's, whatever the name beside it."""
    assert who(fortress, {"name": "alice", "key": guess}) != alice(fortress)


def test_no_key(fortress: Fortress) -> None:
    """Her name alone is nobody's identity: without a key one is a new user each time."""
    users = {who(fortress, {"name": "alice"}) for _ in "123"}

    assert len(users | {alice(fortress)}) == 4


@pytest.mark.parametrize("field", ["userId", "user_id", "sub", "token", "authorizer", "Key"])
def test_claims_in_the_url(fortress: Fortress, field: str) -> None:
    """Nothing but the key says who somebody is."""
    claimed = alice(fortress)

    assert who(fortress, {"name": "alice", field: claimed}) != claimed


@pytest.mark.parametrize(
    "key", ["k", "x" * 15, "x" * 129, "x" * 100_000, f"{KEY}\n", f"{KEY} ", "\u0430" * 20, "#" * 16]
)
def test_keys_that_are_none(fortress: Fortress, key: str) -> None:
    """Too short to be secret, too long, or not of a URL's characters: refused without a write."""
    with fortress.nothing_happens():
        assert fortress.visits({"name": "alice", "key": key}) == 400


@pytest.mark.parametrize(
    "name", ["x" * 65, "x" * 100_000, "a\nb", "a\u202eb", "a\u200bb", "\u3164"]
)
def test_names_that_are_none(fortress: Fortress, name: str) -> None:
    """So are names that nobody may have."""
    with fortress.nothing_happens():
        assert fortress.visits({"name": name, "key": KEY}) == 400


def test_where_there_are_no_guests(make_fortress: MakeFortress) -> None:
    """The best key opens nothing where people sign in, should the authorizer ever be left out."""
    chat = make_fortress()

    with chat.nothing_happens():
        assert chat.visits({"name": "alice", "key": KEY}) == 401
