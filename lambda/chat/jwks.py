"""A JSON Web Key Set: which of its keys verify the signatures of which algorithm.

https://www.rfc-editor.org/rfc/rfc7517
"""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from jwt import PyJWK, PyJWTError

KINDS: Mapping[str, tuple[str, tuple[str | None, ...]]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), ("RSA", (None,))),
    "ES256": ("EC", ("P-256",)),
    "ES384": ("EC", ("P-384",)),
    "EdDSA": ("OKP", ("Ed25519", "Ed448")),
}
"""The type of key that an algorithm takes, and of which curves: RFC 7518, 3.1, and RFC 8037.

No algorithm of shared secrets is among them, so none ever has a key.
"""

Keys = Mapping[tuple[str, str], PyJWK]
"""By key id and algorithm."""


def read(content: bytes, *, algorithms: tuple[str, ...]) -> Keys:
    """The keys for signatures by one of *algorithms*; what is none is passed over.

    Raises `ValueError`, `TypeError`, `KeyError` or `RecursionError` for what is no key set at all.
    """
    entries = json.loads(content)["keys"]
    if not isinstance(entries, list):
        raise TypeError("the keys are no list")
    known = [entry for entry in entries if _is_described(entry)]
    if entries and not known:
        raise ValueError("not one of the entries describes a key")
    found = ((entry, algorithm) for entry in known for algorithm in algorithms if "kid" in entry)
    keys = {(entry["kid"], algorithm): _key(entry, algorithm) for entry, algorithm in found}
    return {name: key for name, key in keys.items() if key is not None}


def _is_described(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("kid", ""), str)


def _key(described: Mapping[str, Any], algorithm: str) -> PyJWK | None:
    """None for a key that is not for signatures by the algorithm, or is no key."""
    if described.get("use", "sig") != "sig" or not _serves(described, algorithm):
        return None
    try:
        return PyJWK(dict(described), algorithm)
    except (PyJWTError, ValueError, UnsupportedAlgorithm):
        return None


def _serves(described: Mapping[str, Any], algorithm: str) -> bool:
    """Whether a key is of the algorithm's kind; one that names its algorithm is for no other.

    With its private half (`d`) beside it, everybody could sign with it.
    """
    if algorithm not in KINDS or described.get("alg") not in (None, algorithm) or "d" in described:
        return False
    kind, curves = KINDS[algorithm]
    return described.get("kty") == kind and described.get("crv") in curves
