"""Guests, where they are allowed: a user without the key of a guest is another user."""

import hashlib

import pytest

from tests.security.attacked_chat import AttackedChat, MakeChat

KEY = "correct-horse-battery.staple_1~"


@pytest.fixture(scope="module")
def chat(make_chat: MakeChat) -> AttackedChat:
    """Provide a chat with guests, where Alice has connected with her key."""
    chat = make_chat()
    chat.guests = True
    assert chat.guest_handshake({"name": "alice", "key": chat.secret(KEY)}) == 200
    return chat


def who(chat: AttackedChat, query: dict[str, str]) -> str:
    """Return the user id of a guest with this query."""
    with chat.undone():
        assert chat.guest_handshake(query) == 200
        return chat.user_id("intruder")


def alice(chat: AttackedChat) -> str:
    """Return Alice's user id."""
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
def test_a_guessed_key_is_another_user(chat: AttackedChat, guess: str) -> None:
    """A key that is not Alice's makes another user, whatever the name."""
    assert who(chat, {"name": "alice", "key": guess}) != alice(chat)


def test_a_guest_without_a_key_is_a_new_user(chat: AttackedChat) -> None:
    """A name alone identifies no user: each handshake without a key makes a new one."""
    users = {who(chat, {"name": "alice"}) for _ in "123"}

    assert len(users | {alice(chat)}) == 4


@pytest.mark.parametrize("field", ["userId", "user_id", "sub", "token", "authorizer", "Key"])
def test_other_url_parameters_do_not_identify_a_guest(chat: AttackedChat, field: str) -> None:
    """The key alone decides which user a guest is."""
    claimed = alice(chat)

    assert who(chat, {"name": "alice", field: claimed}) != claimed


@pytest.mark.parametrize(
    "key", ["k", "x" * 15, "x" * 129, "x" * 100_000, f"{KEY}\n", f"{KEY} ", "\u0430" * 20, "#" * 16]
)
def test_invalid_guest_keys_are_rejected(chat: AttackedChat, key: str) -> None:
    """A key that is short, long, or not of a URL's characters is rejected without a write."""
    with chat.nothing_happens():
        assert chat.guest_handshake({"name": "alice", "key": key}) == 400


@pytest.mark.parametrize(
    "name", ["x" * 65, "x" * 100_000, "a\nb", "a\u202eb", "a\u200bb", "\u3164"]
)
def test_invalid_guest_names_are_rejected(chat: AttackedChat, name: str) -> None:
    """Names that no user may have are rejected without a write."""
    with chat.nothing_happens():
        assert chat.guest_handshake({"name": name, "key": KEY}) == 400


def test_guests_are_rejected_if_users_sign_in(make_chat: MakeChat) -> None:
    """A guest's key opens nothing where users sign in, even if the authorizer is missing."""
    chat = make_chat()

    with chat.nothing_happens():
        assert chat.guest_handshake({"name": "alice", "key": KEY}) == 401
