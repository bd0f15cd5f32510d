"""Disconnection of flooders: users who keep exceeding their rate limits."""

import logging
from dataclasses import asdict
from datetime import timedelta

from chat.errors import RateLimited, Unauthorized
from chat.logic.closing import close
from chat.ports import Services
from chat.protocol import Error

log = logging.getLogger(__name__)


def on_rate_limited(connection_id: str, error: RateLimited, services: Services) -> None:
    """Count a rate-limit violation, and disconnect the user after too many.

    Never raises: the client's reply is *error* in any case.
    """
    try:
        wait_ms = error.retry_after_ms or 0
        if cooldown := services.rate_limiter.record_strike(connection_id, wait_ms=wait_ms):
            disconnect_flooder(connection_id, services, cooldown=cooldown)
    except Exception as failure:
        log.warning("a flooder was not disconnected", exc_info=failure)


def disconnect_flooder(connection_id: str, services: Services, *, cooldown: timedelta) -> None:
    """Send a notice to all connections of the connection's user, close them, start a cooldown.

    An unknown connection has no user: it is closed alone.
    """
    try:
        user_id = services.connections.get(connection_id).member.user_id
    except Unauthorized:
        services.push.close([connection_id])
        return
    # The cooldown first: a connection that opens meanwhile is either refused or found.
    services.handshakes.start_cooldown(user_id, until=services.clock.now() + cooldown)
    found = services.user_connections.ids_of(user_id)
    closed = close(found, services, notice=_notice(cooldown))
    fields = {"userId": user_id, **asdict(closed)}
    log.warning("flooder disconnected", extra={"fields": fields})


def _notice(cooldown: timedelta) -> Error:
    seconds = int(cooldown.total_seconds())
    message = f"disconnected after repeated rate-limit violations; retry in {seconds} s"
    return Error(code="rate_limited", message=message, retry_after_ms=seconds * 1_000)
