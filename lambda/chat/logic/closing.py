"""Closing of connections by the server: expired ones, all of a user, those of revoked tokens."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from chat.logic.gone_connections import remove_connection
from chat.ports import DeliveryServices
from chat.protocol import Error
from chat.protocol.codec import encode

log = logging.getLogger(__name__)

MAX_EXPIRED = 400
"""Connections that one run closes. The next run, a minute later, goes on."""

USER_ROUNDS = 3
"""Attempts at closing a banned user's connections. Each has retries of its own."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The outcome of closing connections, in numbers of connections."""

    found: int
    failed: int
    """Connections that API Gateway did not close. They end within two hours."""
    forgotten: int
    """Connections that were removed: they can neither send nor receive."""
    left: int
    """Connections for which the time was too short. Another call finds them."""


def close(
    connection_ids: Sequence[str],
    services: DeliveryServices,
    *,
    notice: Error | None = None,
    remove: Literal["all", "closed"] = "all",
    rounds: int = 1,
) -> Closed:
    """Close connections and remove them from the tables, as long as there is time.

    Each connection first gets *notice*. *rounds* are the attempts at closing. With *remove*
    "closed", a connection that could not be closed stays in the tables. It is found again later,
    after a pause, so that it does not delay the others.
    """
    if notice and connection_ids:
        services.push.send(connection_ids, encode(notice))
    failed = _close(connection_ids, services, rounds=rounds)
    kept = {*failed} if remove == "closed" else set[str]()
    for connection_id in kept:
        if services.deadline.is_over():
            break
        services.connections.postpone_closing(connection_id)
    pending = [id_ for id_ in connection_ids if id_ not in kept]
    removed = 0
    for connection_id in pending:
        if services.deadline.is_over():
            break
        remove_connection(connection_id, services)
        removed += 1
    return Closed(
        found=len(connection_ids),
        failed=len(failed),
        forgotten=removed,
        left=len(pending) - removed,
    )


def close_expired(services: DeliveryServices) -> Mapping[str, int]:
    """Close up to 400 connections whose token has expired; return the numbers of `Closed`."""
    found = services.connections.expired(limit=MAX_EXPIRED)
    return _logged("close_expired", close(found, services, remove="closed"))


def close_user(user_id: str, services: DeliveryServices) -> Mapping[str, int]:
    """Close all connections of a user; return the numbers of `Closed`.

    A connection that cannot be closed is removed, too.
    """
    found = services.user_connections.ids_of(user_id)
    return _logged("close_user", close(found, services, rounds=USER_ROUNDS))


def _close(
    connection_ids: Sequence[str], services: DeliveryServices, *, rounds: int
) -> Sequence[str]:
    """Close connections; return the ids of those that could not be closed."""
    failed = connection_ids
    for _ in range(rounds):
        if not failed or services.deadline.is_over():
            break
        failed = services.push.close(failed).failed
    return failed


def _logged(event: str, closed: Closed) -> Mapping[str, int]:
    counts = asdict(closed)
    log.info(event, extra={"fields": counts})
    return counts
