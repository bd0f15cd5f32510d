"""Verifies signatures of requests, also those of the root key, which MiniStack does not verify."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, quote

from local.credentials import Credentials

_evaluator: Any = import_module("ministack.core.iam_evaluator")
_sigv4: Any = import_module("ministack.core.sigv4")

Scope = Mapping[str, Any]

ALGORITHM = "AWS4-HMAC-SHA256 "


class Signatures:
    """The keys that may sign requests: *root*, and those that MiniStack has issued."""

    def __init__(self, root: Credentials) -> None:
        self._root = root

    def verifier(self, scope: Scope) -> Callable[[bytes], bool] | None:
        """Return a function that verifies the request with its body.

        Return None if the request has no signature of a known key in its header.
        """
        headers = _headers(scope)
        signature = _sigv4.parse_header_signature(headers)
        is_complete = headers.get("authorization", "").startswith(ALGORITHM)
        if not is_complete or isinstance(signature, tuple):
            return None
        secret = self._secret(signature.access_key_id)
        if secret is None or "host" not in signature.signed_headers.split(";"):
            return None
        if _sigv4.request_time_failure(signature):
            return None

        def verify(body: bytes) -> bool:
            return not _sigv4.header_signature_failure(
                signature, secret, scope["method"], _path(scope), _query(scope), headers, body
            )

        return verify

    def _secret(self, key_id: str) -> str | None:
        """Return the secret of a key, or None if the key is unknown or has expired.

        MiniStack takes the key id `test` and every id of 12 digits for the root user.
        Here they are unknown.
        """
        if key_id == self._root.key_id:
            return self._root.secret
        if _evaluator.is_root_access_key(key_id):
            return None
        found = _evaluator.resolve_credential(key_id)
        return getattr(found, "secret_access_key", None)


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers; the values of a repeated one are joined as in a signature."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), _sigv4.decode_header_value(value)
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    return headers


def _path(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return raw.decode("latin-1")


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode(), keep_blank_values=True)
