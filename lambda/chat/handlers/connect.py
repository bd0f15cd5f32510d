"""$connect: a socket opens; who holds it is settled here, once."""

import hashlib
import re
import secrets

import msgspec

from chat.errors import BadRequest
from chat.ports import Connection, Request, Services
from chat.protocol import Member
from chat.words import check_name

_KEY = re.compile(r"[A-Za-z0-9._~-]{16,128}")


class Connect(msgspec.Struct, frozen=True):
    """The query string of a guest's URL; the key is a secret and is not kept."""

    name: str = ""
    key: str = ""


def handle(request: Request[Connect], services: Services) -> None:
    """Remember the connection as the guest that its URL names."""
    member = _guest(request.body, name_limit=services.limits.name_length)
    services.rooms.connect(Connection(request.connection_id, member, services.clock.now()))


def _guest(who: Connect, *, name_limit: int) -> Member:
    if who.key and not _KEY.fullmatch(who.key):
        raise BadRequest("key: expected 16 to 128 characters of A-Z a-z 0-9 . _ ~ -")
    digest = hashlib.sha256((who.key or secrets.token_hex()).encode()).hexdigest()[:32]
    name = who.name.strip() or f"guest-{digest[:4]}"
    check_name(name, limit=name_limit, path="name")
    return Member(user_id=f"guest-{digest}", name=name)
