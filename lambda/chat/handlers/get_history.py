"""getHistory: read a page of a room's messages."""

from chat.domain.pages import Page
from chat.errors import BadRequest
from chat.logic import history
from chat.logic.permissions import require_readable
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import GetHistory, History


def handle(request: Request[GetHistory], services: Services) -> History:
    """Return the page before or after a seq; without either, the latest."""
    body = request.body
    limit = _limit(body, services)
    if body.before is not None and body.after is not None:
        raise BadRequest("$.after: expected either before or after, got both")
    connection = throttle(request.connection_id, "reads", services)
    require_readable(body.room_id, connection, services)

    page = _read(body, services, limit=limit)
    return History(room_id=body.room_id, messages=page.messages, has_more=page.has_more)


def _limit(body: GetHistory, services: Services) -> int:
    max_limit = services.limits.history_page
    if body.limit is not None and body.limit > max_limit:
        raise BadRequest(f"$.limit: expected int <= {max_limit}")
    return body.limit or max_limit


def _read(body: GetHistory, services: Services, *, limit: int) -> Page:
    max_bytes = services.limits.history_bytes
    if body.after is not None:
        return history.page_after(
            body.room_id, body.after, services, limit=limit, max_bytes=max_bytes
        )
    if body.before is not None:
        return history.page_before(
            body.room_id, body.before, services, limit=limit, max_bytes=max_bytes
        )
    return history.latest_page(body.room_id, services, limit=limit, max_bytes=max_bytes)
