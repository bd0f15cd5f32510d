"""Ids of invites."""

import hashlib


def invite_id_of_secret(secret: str) -> str:
    """Return the id of an invite: the SHA-256 of its secret, which does not reveal the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
