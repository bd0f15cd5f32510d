"""Tokens: a good one says who somebody is, and nothing else does."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from chat.auth.jwks import FRESH, PAUSE, KeySet, NoKeysError
from chat.auth.jwt_verifier import LONGEST, Tokens
from chat.domain.identity import Expected
from chat.errors import Unauthorized
from tests.support.issuer.issuer import (
    CLIENT,
    NAME,
    PRIVATE,
    STRANGER,
    Issuer,
    described,
    new_key,
)

COGNITO = Expected(issuer=NAME, audience=(CLIENT,), token_use="access")
OTHER = Expected(issuer=NAME, audience=(CLIENT,))


@pytest.fixture
def issuer() -> Issuer:
    """An issuer with one key, k1."""
    return Issuer()


def tokens(issuer: Issuer, expected: Expected = COGNITO) -> Tokens:
    keys = KeySet(
        "https://issuer.example/keys",
        algorithms=expected.algorithms,
        clock=issuer.clock,
        fetch=issuer.fetch,
    )
    return Tokens(expected, keys, clock=issuer.clock)


def test_a_good_token(issuer: Issuer) -> None:
    """User, name and end are the token's."""
    identity = tokens(issuer).verify(issuer.token())

    assert (identity.user_id, identity.name) == ("u-alice", "Alice")
    assert identity.expires_at == (issuer.clock.now() + timedelta(hours=1)).replace(microsecond=0)


def test_claims_by_name(issuer: Issuer) -> None:
    """User id and name come from the claims that the settings name."""
    expected = Expected(NAME, (CLIENT,), user_claim="oid", name_claim="email")

    identity = tokens(issuer, expected).verify(
        issuer.token(aud=[CLIENT, "else"], oid="7", email="alice@example.com")
    )

    assert (identity.user_id, identity.name) == ("7", "alice@example.com")


@pytest.mark.parametrize("name", [None, " ", 7, ["Alice"], "Alice\ud83d"], ids=ascii)
def test_no_name(issuer: Issuer, name: Any) -> None:
    """Whoever has no name, or none that can be sent, is called by the user id."""
    assert tokens(issuer).verify(issuer.token(name=name)).name == "u-alice"


def public_pem() -> bytes:
    return PRIVATE.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def hand_made(issuer: Issuer, header: dict[str, Any], signature: str = "") -> str:
    """A token that no library would make."""
    claims = {**issuer.claims(), "exp": 2**33, "iat": 0}
    parts = [jwt.utils.base64url_encode(json.dumps(p).encode()).decode() for p in (header, claims)]
    return ".".join([*parts, signature])


def hmac_with_the_public_key(issuer: Issuer) -> str:
    header = {"alg": "HS256", "kid": "k1", "typ": "JWT"}
    unsigned = hand_made(issuer, header).rstrip(".")
    signer = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = signer.sign(unsigned.encode(), public_pem())
    return f"{unsigned}.{jwt.utils.base64url_encode(signature).decode()}"


def tampered(issuer: Issuer) -> str:
    header, _, signature = issuer.token().split(".")
    claims = json.dumps({**issuer.claims(sub="u-eve"), "iat": 0, "exp": 2**33}).encode()
    return f"{header}.{jwt.utils.base64url_encode(claims).decode()}.{signature}"


HOUR = timedelta(hours=1)
LAST_SECOND = 253_402_300_799
"""The last that is a date, at the end of the year 9999."""
ATTACKS: dict[str, Callable[[Issuer], str]] = {
    "alg none": lambda i: hand_made(i, {"alg": "none", "kid": "k1"}),
    "alg None": lambda i: hand_made(i, {"alg": "None", "kid": "k1"}),
    "key confusion": hmac_with_the_public_key,
    "another algorithm": lambda i: i.token(algorithm="RS512"),
    "unpinned algorithm": lambda i: i.token(algorithm="PS256"),
    "tampered": tampered,
    "no signature": lambda i: i.token().rpartition(".")[0] + ".",
    "a stranger's key": lambda i: i.token(key=STRANGER),
    "unknown kid": lambda i: i.token(header={"kid": "k2"}),
    "no kid": lambda i: jwt.encode(i.claims(), PRIVATE, algorithm="RS256"),
    "kid is a path": lambda i: i.token(header={"kid": "../../k1"}),
    "key in the header": lambda i: i.token(
        key=STRANGER, header={"kid": "k2", "jwk": described(STRANGER, "k2")}
    ),
    "key set in the header": lambda i: i.token(
        key=STRANGER, header={"kid": "k2", "jku": "https://eve.example/keys"}
    ),
    "another issuer": lambda i: i.token(iss="https://eve.example"),
    "issuer with a slash": lambda i: i.token(iss=f"{NAME}/"),
    "no issuer": lambda i: i.token(iss=None),
    "another client": lambda i: i.token(client_id="another"),
    "no client": lambda i: i.token(client_id=None),
    "audience instead of client": lambda i: i.token(client_id=None, aud=CLIENT),
    "an id token": lambda i: i.token(token_use="id"),
    "no token use": lambda i: i.token(token_use=None),
    "expired": lambda i: i.token(exp=i.clock.now() - timedelta(minutes=1)),
    "expired ten seconds ago": lambda i: i.token(exp=i.clock.now() - timedelta(seconds=10)),
    "expired this second": lambda i: i.token(exp=i.clock.now().replace(microsecond=0)),
    "no expiry": lambda i: i.token(exp=None),
    "not yet valid": lambda i: i.token(nbf=i.clock.now() + HOUR),
    "from the future": lambda i: i.token(iat=i.clock.now() + HOUR),
    "no user": lambda i: i.token(sub=None),
    "blank user": lambda i: i.token(sub=" "),
    "half a character in the user": lambda i: i.token(sub="u-\ud83d"),
    "expiry in milliseconds": lambda i: i.token(exp=10**12),
    "expiry a second after the year 9999": lambda i: i.token(exp=LAST_SECOND + 1),
    "expiry in nanoseconds": lambda i: i.token(exp=10**18),
    "expiry of many digits": lambda i: i.token(exp=10**300),
    "too long": lambda i: i.token(more="x" * LONGEST),
    "two parts": lambda _: "a.b",
    "empty": lambda _: "",
    "noise": lambda _: "Z\u00e9.\u2028.\x00",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_refuses(issuer: Issuer, attack: Callable[[Issuer], str]) -> None:
    """Whatever is wrong with a token, it is nobody's."""
    with pytest.raises(Unauthorized):
        tokens(issuer).verify(attack(issuer))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sub": " "}, "the token names no user"),
        ({"sub": "u-\ud83d"}, "the token's user id is not Unicode text"),
        ({"exp": 10**12}, "the token's end is no date"),
    ],
    ids=ascii,
)
def test_says_what_is_wrong(issuer: Issuer, changes: dict[str, Any], reason: str) -> None:
    """A claim that the chat cannot use is named: it is the issuer's operator who will look."""
    with pytest.raises(Unauthorized) as refused:
        tokens(issuer).verify(issuer.token(**changes))

    assert refused.value.message == reason


def test_says_that_it_is_over(issuer: Issuer) -> None:
    """Within the leeway too: a client has only to come with a fresh one."""
    with pytest.raises(Unauthorized) as refused:
        tokens(issuer).verify(issuer.token(exp=issuer.clock.now() - timedelta(seconds=5)))

    assert refused.value.message == "the token is over"


@pytest.mark.parametrize("audience", [None, "another", ["another"], []])
def test_refuses_another_audience(issuer: Issuer, audience: Any) -> None:
    """Where tokens have an audience, it is ours."""
    with pytest.raises(Unauthorized):
        tokens(issuer, OTHER).verify(issuer.token(aud=audience))


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_a_little_leeway(issuer: Issuer, claim: str) -> None:
    """Clocks differ by seconds: a token may have yet to begin. One that is over is over."""
    soon: dict[str, Any] = {claim: issuer.clock.now() + timedelta(seconds=10)}
    just_begun = issuer.token(**soon)

    assert tokens(issuer).verify(just_begun).user_id == "u-alice"


def test_keys_that_are_not_for_this(issuer: Issuer) -> None:
    """Symmetric keys, encryption keys, and what is no key at all are not looked at."""
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
    """A cached key set costs the issuer nothing, for an hour."""
    verifier = tokens(issuer)

    for _ in range(50):
        verifier.verify(issuer.token())
    assert issuer.asked == 1
    issuer.clock.advance(seconds=FRESH.total_seconds() + 1)
    verifier.verify(issuer.token(iat=None, exp=issuer.clock.now() + HOUR))
    assert issuer.asked == 2


def test_a_rotated_key(issuer: Issuer) -> None:
    """A key that is new is found at once; one that is gone no longer counts."""
    verifier = tokens(issuer)
    verifier.verify(issuer.token())
    rotated = new_key()
    issuer.keys = [described(rotated, "k2")]
    issuer.clock.advance(seconds=PAUSE.total_seconds())

    verifier.verify(issuer.token(key=rotated, header={"kid": "k2"}))

    with pytest.raises(Unauthorized):
        verifier.verify(issuer.token())


def test_a_flood_of_unknown_kids(issuer: Issuer) -> None:
    """Made-up key ids cost the issuer one request in half a minute, and hinder nobody."""
    verifier = tokens(issuer)

    for n in range(100):
        with pytest.raises(Unauthorized):
            verifier.verify(issuer.token(header={"kid": f"made up {n}"}))
        issuer.clock.advance(seconds=1)
        verifier.verify(issuer.token(iat=None))

    assert issuer.asked <= 1 + 100 // PAUSE.total_seconds()


def test_unusable_tokens_cost_no_fetch(issuer: Issuer) -> None:
    """What can never be valid is refused before the issuer is asked."""
    with pytest.raises(Unauthorized):
        tokens(issuer).verify(ATTACKS["alg none"](issuer))

    assert issuer.asked == 0


@pytest.mark.parametrize(
    "content", [None, b"", b"<html>", b"[]", b'{"keys": 7}', b'{"keys": [7]}', b"\xff", b"{}"]
)
def test_an_outage(issuer: Issuer, content: bytes | None, caplog: pytest.LogCaptureFixture) -> None:
    """Known keys go on being used for as long as the issuer is down, or talks nonsense."""
    caplog.set_level(logging.CRITICAL)
    verifier = tokens(issuer)
    verifier.verify(issuer.token())
    issuer.down, issuer.content = content is None, content

    for _ in range(3):
        issuer.clock.advance(hours=2)
        token = issuer.token(iat=None, exp=issuer.clock.now() + HOUR)
        assert verifier.verify(token).user_id == "u-alice"


def test_an_outage_from_the_start(issuer: Issuer) -> None:
    """Without any keys nobody is refused for good: it is the server's fault, and it recovers."""
    issuer.down = True
    verifier = tokens(issuer)

    with pytest.raises(NoKeysError):
        verifier.verify(issuer.token())
    issuer.down = False
    issuer.clock.advance(seconds=PAUSE.total_seconds())

    assert verifier.verify(issuer.token(iat=None)).user_id == "u-alice"
