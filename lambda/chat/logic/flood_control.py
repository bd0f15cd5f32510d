"""Cutting off who goes on in spite of every refusal, so that a flood ends for the others too."""

import logging
from datetime import timedelta

from chat.domain.connection import Connection
from chat.domain.rate_limit import Kind
from chat.errors import Unauthorized
from chat.logic.presence import remove_connection
from chat.ports import Services
from chat.protocol import Error
from chat.protocol.codec import encode

log = logging.getLogger(__name__)


def disconnect_flooder(connection_id: str, services: Services, *, rest: timedelta) -> None:
    """Close every connection of this one's user, who opens none until they have rested.

    They are told why. Each connection's own `$disconnect` says goodbye in its rooms. A connection
    that nobody knows has no user who could rest: it is closed alone.
    """
    try:
        user_id = services.rooms.connection(connection_id).member.user_id
    except Unauthorized:
        services.push.close([connection_id])
        return
    # First the rest: what opens meanwhile is refused, or found.
    services.sockets.rest(user_id, until=services.clock.now() + rest)
    found = [*services.sockets.of(user_id)]
    services.push.send(found, encode(_told(rest)))
    ended = services.push.close(found)
    left = (*ended.gone, *ended.failed)
    fields = {"userId": user_id, "found": len(found), "failed": len(ended.failed)}
    log.warning("cut off", extra={"fields": fields})
    for id_ in left:  # one that has yet to open would be found by nobody
        remove_connection(id_, services)


def _told(rest: timedelta) -> Error:
    seconds = int(rest.total_seconds())
    why = f"too much for too long: this connection is closed, again in {seconds} s"
    return Error(code="rate_limited", message=why, retry_after_ms=seconds * 1_000)


def throttle(connection_id: str, kind: Kind, services: Services) -> Connection:
    """Whose connection this is, with one taken out of its bucket, and of its user's.

    Raises `RateLimited`, before anything else is looked at, and `Unauthorized`.
    """
    connection = services.floods.connection(connection_id, kind)
    services.floods.user(connection.member.user_id, kind)
    return connection
