"""Keys: each verifies only its algorithms; a bad entry or an outage affects no other key."""

import json
import logging
from itertools import permutations
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from chat.auth.http_get import MAX_CONTENT_BYTES
from chat.auth.jwks import JWKS_TTL, KeySet
from chat.auth.jwt_verifier import JwtVerifier
from chat.domain.identity import TokenPolicy
from chat.errors import Unauthorized
from tests.support.issuer.issuer import CLIENT, NAME, PRIVATE, Issuer, described
from tests.support.issuer.server import HEAD, answering

P256, P384 = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP384R1())
ED = ed25519.Ed25519PrivateKey.generate()
RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
ALL = (*RSA, "ES256", "ES384", "EdDSA")
SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGNS: dict[str, Any] = {**dict.fromkeys(RSA, PRIVATE), "ES256": P256, "ES384": P384, "EdDSA": ED}


@pytest.fixture
def issuer() -> Issuer:
    """Return an issuer with one key, k1."""
    return Issuer()


def bare(algorithm: str, **more: Any) -> dict[str, Any]:
    """Return the public key that verifies an algorithm, without `alg`."""
    private = SIGNS[algorithm]
    public: Any = jwt.get_algorithm_by_name(algorithm)
    return {**public.to_jwk(private.public_key(), as_dict=True), "kid": "k1", "use": "sig"} | more


def tokens(issuer: Issuer, *algorithms: str) -> JwtVerifier:
    keys = KeySet("", algorithms=algorithms, clock=issuer.clock, fetch=issuer.fetch)
    return JwtVerifier(TokenPolicy(NAME, (CLIENT,), algorithms, token_use="access"), keys)


def signed(issuer: Issuer, algorithm: str) -> str:
    return issuer.token(key=SIGNS[algorithm], algorithm=algorithm)


@pytest.mark.parametrize("algorithm", ALL)
@pytest.mark.parametrize("pinned", ["alone", "among all"])
def test_a_key_without_alg_verifies_the_pinned_algorithms(
    issuer: Issuer, algorithm: str, pinned: str
) -> None:
    """`alg` is optional: without it, the type of the key decides what it can verify."""
    issuer.keys = [bare(algorithm)]
    verifier = tokens(issuer, *(ALL if pinned == "among all" else (algorithm,)))

    assert verifier.verify(signed(issuer, algorithm)).user_id == "u-alice"


@pytest.mark.parametrize(("named", "used"), [*permutations(RSA, 2)])
def test_a_key_with_alg_verifies_that_alone(issuer: Issuer, named: str, used: str) -> None:
    """A good signature of another algorithm is rejected: the issuer names the key's algorithm."""
    issuer.keys = [bare(named, alg=named)]
    verifier = tokens(issuer, *ALL)

    assert verifier.verify(signed(issuer, named)).user_id == "u-alice"
    with pytest.raises(Unauthorized):
        verifier.verify(signed(issuer, used))


@pytest.mark.parametrize(("pinned", "used"), [*permutations(ALL, 2)])
def test_only_what_is_pinned_counts(issuer: Issuer, pinned: str, used: str) -> None:
    """A key without `alg` verifies no algorithm that the settings do not name."""
    issuer.keys = [bare(used)]

    with pytest.raises(Unauthorized):
        tokens(issuer, pinned).verify(signed(issuer, used))
    assert issuer.asked == 0


@pytest.mark.parametrize("used", ALL)
@pytest.mark.parametrize(
    "key",
    [
        {"kty": "oct", "k": SECRET},
        *({"kty": "oct", "k": SECRET, "alg": alg} for alg in ("HS256", *ALL)),
        *({**bare(alg), "alg": "HS256"} for alg in ALL),
        *({**bare(alg), "kty": "oct", "k": SECRET} for alg in ALL),
        *({**bare(alg), "use": "enc"} for alg in ALL),
        *({**bare(alg), "d": "AQAB"} for alg in ALL),
    ],
    ids=lambda key: f"{key['kty']} {key.get('alg', '')} {key.get('use', '')} {key.get('crv', '')}",
)
def test_keys_that_verify_nothing(issuer: Issuer, key: dict[str, Any], used: str) -> None:
    """Secrets, encryption keys, private keys and keys of other algorithms verify nothing."""
    issuer.keys = [{**key, "kid": "k1"}]

    with pytest.raises(Unauthorized):
        tokens(issuer, *ALL).verify(signed(issuer, used))


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_public_key_is_no_secret(issuer: Issuer, algorithm: str) -> None:
    """No setting, even an unchecked one, uses a key of one kind as one of another."""
    issuer.keys = [bare("RS256"), {"kty": "oct", "k": SECRET, "kid": "k2"}]
    verifier = tokens(issuer, "RS256", algorithm)

    for id_, key in (("k1", issuer.keys[0]["n"]), ("k2", jwt.utils.base64url_decode(SECRET))):
        forged = issuer.token(
            key=None if algorithm == "none" else key, algorithm=algorithm, header={"kid": id_}
        )
        with pytest.raises(Unauthorized):
            verifier.verify(forged)


def test_curves_are_not_mixed(issuer: Issuer) -> None:
    """A key verifies only the algorithm of its own curve."""
    issuer.keys = [bare("ES384", alg="ES256"), bare("ES256", kid="k2", alg="ES384")]

    for id_, curve in (("k1", "ES384"), ("k2", "ES256")):
        token = issuer.token(key=SIGNS[curve], algorithm=curve, header={"kid": id_})
        with pytest.raises(Unauthorized):
            tokens(issuer, *ALL).verify(token)


ODD: list[Any] = [
    *(7, None, "k1", [], [{}], True),
    *({"kid": id_, "kty": "RSA"} for id_ in (None, 7, ["k1"], {"k1": 1})),
    *({}, {"kid": "k9"}, {"kid": "k9", "kty": ["RSA"]}, {"kid": "k9", "kty": "RSA", "n": 5}),
    described(PRIVATE, "k9", n="\ud800"),
    {**bare("ES256"), "kid": "k9", "crv": ["P-256"]},
    {**bare("ES256"), "kid": "k9", "x": {}},
]


@pytest.mark.parametrize("odd", ODD, ids=[str(number) for number in range(len(ODD))])
def test_a_bad_entry_does_not_affect_the_others(issuer: Issuer, odd: Any) -> None:
    """A bad entry is skipped, at any position."""
    for keys in ([odd, described(PRIVATE, "k1")], [described(PRIVATE, "k1"), odd]):
        issuer.keys = keys

        assert tokens(issuer, *ALL).verify(issuer.token()).user_id == "u-alice"


GOOD = json.dumps({"keys": [described(PRIVATE, "k1")]}).encode()
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(GOOD) + GOOD
GARBAGE = {
    "no HTTP": b"hello\r\n\r\n",
    "nothing": b"",
    "a status that is none": b"HTTP/1.1 two OK\r\n\r\n",
    "a line without end": HEAD + b"X: " + b"x" * 70_000,
    "headers without end": HEAD + b"X: y\r\n" * 200,
    "less than it says": HEAD + b"Content-Length: 9999\r\n\r\n" + GOOD[:99],
    "a chunk that is cut": HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n{",
    "a chunk of no length": HEAD + b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
    "an error": b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
    "a redirect to nowhere": b"HTTP/1.1 302 Go\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n",
    "too much": HEAD + b"\r\n" + GOOD[:-1] + b" " * MAX_CONTENT_BYTES + b"}",
    "too deep": HEAD + b"\r\n" + b"[" * 200_000,
    "no keys": HEAD + b'\r\n{"keys": {}}',
    "nothing but odd entries": HEAD + b'\r\n{"keys": [7, {"kid": 7}]}',
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_is_an_outage(
    issuer: Issuer, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """After a response that is no key set, known keys still count, and a later fetch is tried."""
    caplog.set_level(logging.CRITICAL)
    with answering([WHOLE], [garbage], [WHOLE]) as server:
        keys = KeySet(server.url, algorithms=("RS256",), clock=issuer.clock)
        for asked in (1, 2, 3):
            assert keys.key("k1", "RS256").algorithm_name == "RS256"
            assert server.asked == asked
            issuer.clock.advance(seconds=JWKS_TTL.total_seconds() + 1)


def test_the_twin_of_a_signature_is_the_same_token(issuer: Issuer) -> None:
    """For (r, s), (r, n - s) is valid too; revoking the one token revokes the other."""
    issuer.keys = [bare("ES256")]
    verifier, token = tokens(issuer, "ES256"), signed(issuer, "ES256")
    content, _, signature = token.rpartition(".")
    raw = jwt.utils.base64url_decode(signature)
    s = P256_ORDER - int.from_bytes(raw[32:], "big")
    other = jwt.utils.base64url_encode(raw[:32] + s.to_bytes(32, "big")).decode()
    twin = f"{content}.{other}"

    assert twin != token
    assert verifier.verify(twin).token_id == verifier.verify(token).token_id
