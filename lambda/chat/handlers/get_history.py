"""getHistory: read a room's log, a page at a time."""

from chat.domain.pages import Page
from chat.errors import BadRequest
from chat.logic import history
from chat.logic.permissions import require_readable
from chat.ports import Request, Services
from chat.protocol import GetHistory, History


def handle(request: Request[GetHistory], services: Services) -> History:
    """The page before or after a seq; with neither, the latest."""
    body = request.body
    limit = _limit(body, services)
    if body.before is not None and body.after is not None:
        raise BadRequest("$.after: expected either before or after, got both")
    require_readable(body.room_id, request.connection_id, services)

    page = _read(body, services, limit=limit)
    return History(room_id=body.room_id, messages=page.messages, has_more=page.has_more)


def _limit(body: GetHistory, services: Services) -> int:
    most = services.limits.history_page
    if body.limit is not None and body.limit > most:
        raise BadRequest(f"$.limit: expected int <= {most}")
    return body.limit or most


def _read(body: GetHistory, services: Services, *, limit: int) -> Page:
    budget = services.limits.history_bytes
    if body.after is not None:
        return history.newer(body.room_id, body.after, services, limit=limit, budget=budget)
    if body.before is not None:
        return history.older(body.room_id, body.before, services, limit=limit, budget=budget)
    return history.latest(body.room_id, services, limit=limit, budget=budget)
