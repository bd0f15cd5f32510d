"""Invites: their ids, and how many a room may have."""

import hashlib

INVITES_PER_ROOM = 200
"""Open invites of a room. Two that are created at the same moment may both be the last one."""


def invite_id_of_secret(secret: str) -> str:
    """Return the id of an invite: the SHA-256 of its secret, which does not reveal the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
