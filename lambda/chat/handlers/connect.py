"""$connect: a socket opens; who holds it is settled here, once."""

import hashlib
import re
import secrets
from datetime import UTC, datetime
from urllib.parse import unquote

import msgspec

from chat.domain.connection import Connection, TokenId
from chat.domain.identity import require_unexpired
from chat.errors import BadRequest, TooLarge, Unauthorized
from chat.ports import Request, Services
from chat.protocol import Member
from chat.protocol.text import check_name, check_user_id, name_of

_KEY = re.compile(r"[A-Za-z0-9._~-]{16,128}")


class Guest(msgspec.Struct, frozen=True):
    """The query string of a guest's URL; the key is a secret and is not kept."""

    name: str = ""
    key: str = ""


class Bearer(msgspec.Struct, frozen=True, rename="camel"):
    """What the authorizer has found in a token, percent-encoded."""

    user_id: str
    name: str
    expires_at: str
    token_id: str = ""


def handle(request: Request[Guest | Bearer], services: Services) -> None:
    """Remember the connection as that of the token's bearer, or of the guest that its URL names."""
    who, limit, now = request.body, services.limits.name_length, services.clock.now()
    if isinstance(who, Bearer):
        member = _bearer(who, name_limit=limit)
        token_expires_at = datetime.fromtimestamp(int(who.expires_at), UTC)
        require_unexpired(token_expires_at, now)  # it may have ended since the authorizer asked
        tokens = frozenset([TokenId(who.token_id, token_expires_at)] if who.token_id else [])
    elif services.guests:
        member, token_expires_at, tokens = _guest(who, name_limit=limit), None, frozenset[TokenId]()
    else:
        raise Unauthorized("no authorizer has let this connection in")
    services.rooms.connect(
        Connection(
            request.connection_id, member, now, token_expires_at=token_expires_at, tokens=tokens
        )
    )


def _guest(who: Guest, *, name_limit: int) -> Member:
    if who.key and not _KEY.fullmatch(who.key):
        raise BadRequest("key: expected 16 to 128 characters of A-Z a-z 0-9 . _ ~ -")
    digest = hashlib.sha256((who.key or secrets.token_hex()).encode()).hexdigest()[:32]
    name = who.name.strip() or f"guest-{digest[:4]}"
    check_name(name, limit=name_limit, path="name")
    return Member(user_id=f"guest-{digest}", name=name)


def _bearer(who: Bearer, *, name_limit: int) -> Member:
    """The token's user; a name that people may not have gives way to the user id."""
    user_id = unquote(who.user_id)
    check_user_id(user_id, path="userId")
    name = unquote(who.name).strip()
    try:
        check_name(name, limit=name_limit)
    except (BadRequest, TooLarge):
        name = name_of(user_id, limit=name_limit)
    return Member(user_id=user_id, name=name)
