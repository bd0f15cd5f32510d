"""$connect: open a connection for the user of a token, or for a guest."""

import hashlib
import re
import secrets
from datetime import UTC, datetime
from urllib.parse import unquote

import msgspec

from chat.domain.connection import Connection, TokenId
from chat.domain.identity import GUEST_PREFIX, is_reserved, require_unexpired
from chat.errors import BadRequest, TooLarge, Unauthorized
from chat.logic.audit import record_change
from chat.ports import Request, Services
from chat.protocol import Member
from chat.protocol.text import check_name, check_user_id, name_of

_KEY = re.compile(r"[A-Za-z0-9._~-]{16,128}")


class Guest(msgspec.Struct, frozen=True):
    """The query string of a guest's URL. The key is a secret and is not stored."""

    name: str = ""
    key: str = ""


class Bearer(msgspec.Struct, frozen=True, rename="camel"):
    """The identity that the authorizer found in a token, percent-encoded."""

    user_id: str
    name: str
    expires_at: str
    token_id: str = ""


def handle(request: Request[Guest | Bearer], services: Services) -> None:
    """Write the connection for the user of the token, or for the guest that the URL names."""
    body, now = request.body, services.clock.now()
    if isinstance(body, Bearer):
        connection = _of_bearer(request.connection_id, body, services, now=now)
    elif services.guests:
        member = _guest(body, name_limit=services.limits.name_length)
        connection = Connection(request.connection_id, member, now)
    else:
        raise Unauthorized("the connection was not authorized")
    services.handshakes.open(connection)
    record_change("connected", connection)


def _of_bearer(
    connection_id: str, bearer: Bearer, services: Services, *, now: datetime
) -> Connection:
    member = _bearer(bearer, name_limit=services.limits.name_length)
    expires_at = datetime.fromtimestamp(int(bearer.expires_at), UTC)
    require_unexpired(expires_at, now)  # it may have expired since the authorizer checked it
    tokens = [TokenId(bearer.token_id, expires_at)] if bearer.token_id else []
    return Connection(
        connection_id, member, now, token_expires_at=expires_at, tokens=frozenset(tokens)
    )


def _guest(guest: Guest, *, name_limit: int) -> Member:
    if guest.key and not _KEY.fullmatch(guest.key):
        raise BadRequest("key: expected 16 to 128 characters of A-Z a-z 0-9 . _ ~ -")
    digest = hashlib.sha256((guest.key or secrets.token_hex()).encode()).hexdigest()[:32]
    name = guest.name.strip() or f"{GUEST_PREFIX}{digest[:4]}"
    check_name(name, limit=name_limit, path="name")
    return Member(user_id=f"{GUEST_PREFIX}{digest}", name=name)


def _bearer(bearer: Bearer, *, name_limit: int) -> Member:
    """Return the token's user. A name that is not allowed is replaced by the user id."""
    user_id = unquote(bearer.user_id)
    check_user_id(user_id, path="userId")
    if is_reserved(user_id):
        raise BadRequest("userId: the chat itself uses this id")
    name = unquote(bearer.name).strip()
    try:
        check_name(name, limit=name_limit)
    except (BadRequest, TooLarge):
        name = name_of(user_id, limit=name_limit)
    return Member(user_id=user_id, name=name)
