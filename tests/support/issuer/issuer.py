"""An issuer of tokens: its keys, and tokens with the claims that a test chooses."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.fakes.clock_and_push import FakeClock

NAME = "https://issuer.example"
CLIENT = "chat-client"


def new_key() -> rsa.RSAPrivateKey:
    """Return a new key pair."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


PRIVATE, STRANGER = new_key(), new_key()


def described(key: rsa.RSAPrivateKey, id_: str, **more: str) -> dict[str, Any]:
    """Return the public key as an entry of a JWKS."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "kid": id_, "use": "sig", "alg": "RS256", **more}


@dataclass
class Issuer:
    """An issuer that counts the requests for its keys, and may be down."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(datetime.now(UTC)))
    keys: list[dict[str, Any]] = field(default_factory=lambda: [described(PRIVATE, "k1")])
    asked: int = 0
    down: bool = False
    content: bytes | None = None

    def fetch(self, _url: str) -> bytes:
        """Return the key set; raises an error if the issuer is down."""
        self.asked += 1
        if self.down:
            raise OSError("down")
        return self.content if self.content is not None else json.dumps(self.document()).encode()

    def document(self) -> dict[str, Any]:
        """Return the key set as JSON."""
        return {"keys": self.keys}

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return the claims of a good access token, with *changes*; None omits a claim."""
        now = self.clock.now()
        good = {
            "iss": NAME,
            "client_id": CLIENT,
            "token_use": "access",
            "sub": "u-alice",
            "name": "Alice",
            "iat": now,
            "exp": now + timedelta(hours=1),
        }
        return {key: value for key, value in {**good, **changes}.items() if value is not None}

    def token(
        self,
        *,
        key: Any = PRIVATE,
        algorithm: str = "RS256",
        header: dict[str, Any] | None = None,
        **changes: Any,
    ) -> str:
        """Return a signed token."""
        headers = {"kid": "k1"} if header is None else header
        return jwt.encode(self.claims(**changes), key, algorithm=algorithm, headers=headers)
