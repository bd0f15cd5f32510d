"""Ending connections whose rights have ended: by time, or because their user is banned."""

import logging
from collections.abc import Callable, Mapping

from chat.logic.presence import remove_connection
from chat.ports import Services

log = logging.getLogger(__name__)

MOST = 400
"""Connections that one run ends; the next one, a minute later, goes on."""

ROUNDS = 3
"""Tries at closing what could not be closed; each is patient by itself."""


def sweep(services: Services, *, is_over: Callable[[], bool] = lambda: False) -> Mapping[str, int]:
    """Close connections past their end, and take them out of their rooms; how many, how it went.

    First closed, then forgotten: what this run does not come to, the next one finds again.
    """
    found = services.sockets.ended(limit=MOST)
    failed = set(services.push.close(found).failed)
    forgotten = 0
    for connection_id in found:
        if connection_id in failed or is_over():
            continue
        remove_connection(connection_id, services)
        forgotten += 1
    return _counted("sweep", found=len(found), failed=len(failed), forgotten=forgotten)


def close_user(user_id: str, services: Services) -> Mapping[str, int]:
    """Close all of a user's connections at once; how many, and how many could not be closed.

    Those neither speak nor hear any more either, until API Gateway ends them.
    """
    found = services.sockets.of(user_id)
    failed = found
    for _ in range(ROUNDS):
        failed = services.push.close(failed).failed
        if not failed:
            break
    for connection_id in found:
        remove_connection(connection_id, services)
    return _counted("end_all", found=len(found), failed=len(failed), forgotten=len(found))


def _counted(what: str, **counts: int) -> Mapping[str, int]:
    log.info(what, extra={"fields": counts})
    return counts
