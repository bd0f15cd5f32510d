"""Tokens that the verifier must reject, by what is wrong with each."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization

from chat.auth.jwt_verifier import MAX_TOKEN_CHARS
from tests.support.issuer.issuer import (
    CLIENT,
    NAME,
    PRIVATE,
    STRANGER,
    Issuer,
    described,
)


def public_pem() -> bytes:
    return PRIVATE.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def hand_made(issuer: Issuer, header: dict[str, Any], signature: str = "") -> str:
    """Return a token that no library would make."""
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
"""Last second that is a date, at the end of the year 9999."""


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
    "too long": lambda i: i.token(more="x" * MAX_TOKEN_CHARS),
    "two parts": lambda _: "a.b",
    "empty": lambda _: "",
    "noise": lambda _: "Z\u00e9.\u2028.\x00",
}
