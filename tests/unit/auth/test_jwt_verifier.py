"""Tokens: a good one identifies a user, and any other is rejected."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chat.auth.jwks import FETCH_INTERVAL, JWKS_TTL, KeySet, NoKeysError
from chat.auth.jwt_verifier import JwtVerifier
from chat.domain.identity import TokenPolicy
from chat.errors import Unauthorized
from tests.support.issuer.bad_tokens import ATTACKS, HOUR
from tests.support.issuer.issuer import (
    CLIENT,
    NAME,
    PRIVATE,
    Issuer,
    described,
    new_key,
)

COGNITO = TokenPolicy(issuer=NAME, audience=(CLIENT,), token_use="access")
OTHER = TokenPolicy(issuer=NAME, audience=(CLIENT,))


@pytest.fixture
def issuer() -> Issuer:
    """Return an issuer with one key, k1."""
    return Issuer()


def tokens(issuer: Issuer, expected: TokenPolicy = COGNITO) -> JwtVerifier:
    keys = KeySet(
        "https://issuer.example/keys",
        algorithms=expected.algorithms,
        clock=issuer.clock,
        fetch=issuer.fetch,
    )
    return JwtVerifier(expected, keys, clock=issuer.clock)


def test_a_good_token(issuer: Issuer) -> None:
    """User, name and expiry are those of the token."""
    identity = tokens(issuer).verify(issuer.token())

    assert (identity.user_id, identity.name) == ("u-alice", "Alice")
    assert identity.expires_at == (issuer.clock.now() + timedelta(hours=1)).replace(microsecond=0)


def test_claims_by_name(issuer: Issuer) -> None:
    """User id and name come from the claims that the settings name."""
    expected = TokenPolicy(NAME, (CLIENT,), user_claim="oid", name_claim="email")

    identity = tokens(issuer, expected).verify(
        issuer.token(aud=[CLIENT, "else"], oid="7", email="alice@example.com")
    )

    assert (identity.user_id, identity.name) == ("7", "alice@example.com")


@pytest.mark.parametrize("name", [None, " ", 7, ["Alice"], "Alice\ud83d"], ids=ascii)
def test_no_name(issuer: Issuer, name: Any) -> None:
    """A user without a name, or with one that cannot be sent, gets the user id as name."""
    assert tokens(issuer).verify(issuer.token(name=name)).name == "u-alice"


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_refuses(issuer: Issuer, attack: Callable[[Issuer], str]) -> None:
    """A token with any of these faults is unauthorized."""
    with pytest.raises(Unauthorized):
        tokens(issuer).verify(attack(issuer))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sub": " "}, "the token names no user"),
        ({"sub": "u-\ud83d"}, "the token's user id is not Unicode text"),
        ({"exp": 10**12}, "the token's exp is not a date"),
    ],
    ids=ascii,
)
def test_says_what_is_wrong(issuer: Issuer, changes: dict[str, Any], reason: str) -> None:
    """The error names a claim that the chat cannot use, for the operator of the issuer."""
    with pytest.raises(Unauthorized) as refused:
        tokens(issuer).verify(issuer.token(**changes))

    assert refused.value.message == reason


def test_says_that_it_has_expired(issuer: Issuer) -> None:
    """An expired token is named as such, within the leeway too."""
    with pytest.raises(Unauthorized) as refused:
        tokens(issuer).verify(issuer.token(exp=issuer.clock.now() - timedelta(seconds=5)))

    assert refused.value.message == "the token has expired"


@pytest.mark.parametrize("audience", [None, "another", ["another"], []])
def test_refuses_another_audience(issuer: Issuer, audience: Any) -> None:
    """If tokens must have an audience, it is the configured one."""
    with pytest.raises(Unauthorized):
        tokens(issuer, OTHER).verify(issuer.token(aud=audience))


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_leeway_for_future_tokens(issuer: Issuer, claim: str) -> None:
    """A token may begin some seconds in the future, because clocks differ."""
    soon: dict[str, Any] = {claim: issuer.clock.now() + timedelta(seconds=10)}
    just_begun = issuer.token(**soon)

    assert tokens(issuer).verify(just_begun).user_id == "u-alice"


def test_ignores_other_keys(issuer: Issuer) -> None:
    """Symmetric keys, encryption keys and incomplete entries are ignored."""
    secret = {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA", "alg": "HS256"}
    issuer.keys = [
        {**secret, "kid": "k1"},
        described(PRIVATE, "k2", use="enc"),
        {"kid": "k3", "kty": "RSA"},
        described(PRIVATE, "k4"),
    ]
    verifier = tokens(issuer)

    for id_ in ("k1", "k2", "k3"):
        with pytest.raises(Unauthorized):
            verifier.verify(issuer.token(header={"kid": id_}))
    assert verifier.verify(issuer.token(header={"kid": "k4"})).user_id == "u-alice"


def test_keys_are_fetched_once(issuer: Issuer) -> None:
    """The key set is fetched once an hour."""
    verifier = tokens(issuer)

    for _ in range(50):
        verifier.verify(issuer.token())
    assert issuer.asked == 1
    issuer.clock.advance(seconds=JWKS_TTL.total_seconds() + 1)
    verifier.verify(issuer.token(iat=None, exp=issuer.clock.now() + HOUR))
    assert issuer.asked == 2


def test_a_rotated_key(issuer: Issuer) -> None:
    """A new key is found at once, and a removed one no longer counts."""
    verifier = tokens(issuer)
    verifier.verify(issuer.token())
    rotated = new_key()
    issuer.keys = [described(rotated, "k2")]
    issuer.clock.advance(seconds=FETCH_INTERVAL.total_seconds())

    verifier.verify(issuer.token(key=rotated, header={"kid": "k2"}))

    with pytest.raises(Unauthorized):
        verifier.verify(issuer.token())


def test_unknown_kids_cause_few_fetches(issuer: Issuer) -> None:
    """Unknown key ids cause one fetch in half a minute, and good tokens still count."""
    verifier = tokens(issuer)

    for n in range(100):
        with pytest.raises(Unauthorized):
            verifier.verify(issuer.token(header={"kid": f"made up {n}"}))
        issuer.clock.advance(seconds=1)
        verifier.verify(issuer.token(iat=None))

    assert issuer.asked <= 1 + 100 // FETCH_INTERVAL.total_seconds()


def test_unusable_tokens_cost_no_fetch(issuer: Issuer) -> None:
    """A token that can never be valid is rejected before a fetch."""
    with pytest.raises(Unauthorized):
        tokens(issuer).verify(ATTACKS["alg none"](issuer))

    assert issuer.asked == 0


@pytest.mark.parametrize(
    "content", [None, b"", b"<html>", b"[]", b'{"keys": 7}', b'{"keys": [7]}', b"\xff", b"{}"]
)
def test_an_outage(issuer: Issuer, content: bytes | None, caplog: pytest.LogCaptureFixture) -> None:
    """Known keys count for as long as the issuer is down or sends no key set."""
    caplog.set_level(logging.CRITICAL)
    verifier = tokens(issuer)
    verifier.verify(issuer.token())
    issuer.down, issuer.content = content is None, content

    for _ in range(3):
        issuer.clock.advance(hours=2)
        token = issuer.token(iat=None, exp=issuer.clock.now() + HOUR)
        assert verifier.verify(token).user_id == "u-alice"


def test_an_outage_from_the_start(issuer: Issuer) -> None:
    """Without any keys the error is the server's, and a later fetch recovers."""
    issuer.down = True
    verifier = tokens(issuer)

    with pytest.raises(NoKeysError):
        verifier.verify(issuer.token())
    issuer.down = False
    issuer.clock.advance(seconds=FETCH_INTERVAL.total_seconds())

    assert verifier.verify(issuer.token(iat=None)).user_id == "u-alice"


@pytest.mark.parametrize("type_", ["logout+jwt", "dpop+jwt", "secevent+jwt", 7, None])
def test_tokens_of_another_type_are_rejected(issuer: Issuer, type_: Any) -> None:
    """A logout token of the issuer, or one of another type, is no token of a user."""
    token = issuer.token(header={"kid": "k1", "typ": type_})

    if type_ is None:  # PyJWT leaves the header out
        assert tokens(issuer).verify(token).user_id == "u-alice"
        return
    with pytest.raises(Unauthorized, match="not valid"):
        tokens(issuer).verify(token)


@pytest.mark.parametrize("type_", ["JWT", "jwt", "at+jwt", "application/at+jwt"])
def test_types_of_user_tokens(issuer: Issuer, type_: str) -> None:
    """ID tokens and access tokens identify a user, with each spelling of their type."""
    token = issuer.token(header={"kid": "k1", "typ": type_})

    assert tokens(issuer).verify(token).user_id == "u-alice"
