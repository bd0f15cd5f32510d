"""Cutting off who goes on in spite of every refusal, so that a flood ends for the others too."""

import logging
from datetime import timedelta

from chat.errors import Unauthorized
from chat.frames import encode
from chat.ports import Services
from chat.protocol import Error

log = logging.getLogger(__name__)


def cut_off(connection_id: str, services: Services, *, rest: timedelta) -> None:
    """Close every connection of this one's user, who opens none until they have rested.

    They are told why. Each connection's own `$disconnect` says goodbye in its rooms.
    """
    found = _open_ones(connection_id, services, rest)
    seconds = int(rest.total_seconds())
    why = f"too much for too long: this connection is closed, again in {seconds} s"
    told = Error(code="rate_limited", message=why, retry_after_ms=seconds * 1_000)
    services.push.send(found, encode(told))
    failed = services.push.close(found).failed
    counts = {"found": len(found), "failed": len(failed), "connectionId": connection_id}
    log.warning("cut off", extra={"fields": counts})


def _open_ones(connection_id: str, services: Services, rest: timedelta) -> list[str]:
    """What is to be closed; a connection that nobody knows is alone."""
    try:
        user_id = services.rooms.connection(connection_id).member.user_id
    except Unauthorized:
        return [connection_id]
    services.sockets.rest(user_id, until=services.clock.now() + rest)
    return [*services.sockets.of(user_id)]
