"""AWS Signature Version 4 for requests to `@connections`.

The day's key and everything but the path are computed once a frame, so a signature costs two
hashes. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

SERVICE = "execute-api"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Credentials that sign a request; *token* is the session token of a role."""

    access_key: str
    secret_key: str
    token: str | None = None


def request_path(stage_path: str, connection_id: str) -> str:
    """Return the path as botocore writes it: an id ends in `=`, which is encoded."""
    return f"{stage_path}/@connections/{quote(connection_id, safe='')}"


class FrameSigner:
    """Signer of the posts of one frame, or of deletes, at one moment and for one stage."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        region: str,
        host: str,
        body: bytes,
        moment: datetime,
        method: str = "POST",
    ) -> None:
        self._method = method
        self._stamp = f"{moment:%Y%m%dT%H%M%SZ}"
        scope = f"{self._stamp[:8]}/{region}/{SERVICE}/aws4_request"
        self._key = _signing_key(credentials.secret_key, scope)
        self._to_sign = f"AWS4-HMAC-SHA256\n{self._stamp}\n{scope}\n"

        headers = {"host": host, "x-amz-date": self._stamp}
        if credentials.token:
            headers["x-amz-security-token"] = credentials.token
        signed = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        self._canonical = f"\n\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
        self._authorization = (
            f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope}, "
            f"SignedHeaders={signed}, Signature="
        )
        self.headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        """Header lines of every post of the frame, except `authorization`."""

    def authorization(self, path: str) -> str:
        """Return the `authorization` header of a request to *path*.

        AWS signs the path encoded a second time.
        """
        canonical = f"{self._method}\n{_encoded_again(path)}{self._canonical}"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        return self._authorization + _hmac(self._key, self._to_sign + digest).hex()


def _encoded_again(path: str) -> str:
    """Encode a path again; `%` and `@` are its only characters that need it."""
    return path.replace("%", "%25").replace("@", "%40")


@lru_cache(maxsize=1)
def _signing_key(secret: str, scope: str) -> bytes:
    """Return the signing key of one day in one region."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
