"""Event -> handler -> reply; the one place where errors become frames or status codes.

An event is what API Gateway sends for a WebSocket route:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
"""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import msgspec

from chat.auth import handshake
from chat.errors import BadRequest, ChatError, Internal, RateLimited
from chat.handlers.connect import Bearer, Guest
from chat.logic.flood_control import disconnect_flooder
from chat.observability.invocation import InvocationRecord, instrument
from chat.ports import Request, Services
from chat.protocol import Error, MessageSent, Reply, RoomCreated
from chat.protocol.codec import decode, encode, envelope_of
from chat.routes import ROUTES

log = logging.getLogger(__name__)

Event = Mapping[str, Any]
Response = dict[str, Any]


def dispatch(event: Event, services: Services, tally: InvocationRecord | None = None) -> Response:
    """Handle one event, and say in *tally* what it came to; never raises."""
    context = event["requestContext"]
    tally = tally or InvocationRecord()
    tally.connection_id, tally.request_id = context["connectionId"], context.get("requestId")
    tally.route = route if (route := context.get("routeKey")) in ROUTES else "$default"
    services = instrument(services, tally)
    match context.get("eventType"):
        case "CONNECT":
            return _connect(event, context["connectionId"], services, tally)
        case "DISCONNECT":
            return _disconnect(context["connectionId"], services, tally)
        case _:
            return _answer(event, context["connectionId"], services, tally)


def _connect(
    event: Event, connection_id: str, services: Services, tally: InvocationRecord
) -> Response:
    try:
        services.origins.check(event)
        ROUTES["$connect"](Request(_who(event), connection_id), services)
    except Exception as error:
        return {"statusCode": _told(error, tally).status}
    tally.connects = 1
    protocol = handshake.chosen(event)
    return {
        "statusCode": 200,
        **({"headers": {"Sec-WebSocket-Protocol": protocol}} if protocol else {}),
    }


def _who(event: Event) -> Guest | Bearer:
    if authorized := event["requestContext"].get("authorizer"):
        return msgspec.convert(authorized, Bearer)
    return msgspec.convert(event.get("queryStringParameters") or {}, Guest)


def _disconnect(connection_id: str, services: Services, tally: InvocationRecord) -> Response:
    tally.disconnects = 1
    try:
        ROUTES["$disconnect"](Request(None, connection_id), services)
    except Exception as error:
        _told(error, tally)
        return {"statusCode": 500}
    return {"statusCode": 200}


def _answer(
    event: Event, connection_id: str, services: Services, tally: InvocationRecord
) -> Response:
    text = event.get("body") or ""
    try:
        services.floods.request(connection_id)
        if event.get("isBase64Encoded"):
            raise BadRequest("$: expected a text frame, got a binary one")
        reply = _reply(text, connection_id, services, tally)
    except Exception as error:
        reply = _refusal(_told(error, tally), text)
        if isinstance(error, RateLimited):
            _count_refusal(connection_id, error, services)
    return {"statusCode": 200, "body": encode(reply).decode()}


def _reply(text: str, connection_id: str, services: Services, tally: InvocationRecord) -> Reply:
    body = decode(text)
    tag = body.__struct_config__.tag
    route_key = tag if isinstance(tag, str) else "$default"
    tally.room_id = getattr(body, "room_id", None)
    reply = ROUTES[route_key](Request(body, connection_id), services)
    if reply is None:
        raise TypeError(f"{route_key} has no reply")
    if isinstance(reply, RoomCreated):
        tally.room_id = reply.room.room_id
    tally.messages = int(isinstance(reply, MessageSent))
    return msgspec.structs.replace(reply, request_id=body.request_id)


def _refusal(error: ChatError, text: str) -> Error:
    refused = envelope_of(text)
    return Error(
        code=error.code,
        message=error.message,
        action=refused.action,
        request_id=refused.request_id,
        retry_after_ms=error.retry_after_ms,
        reason=error.reason,
    )


def _count_refusal(connection_id: str, refusal: RateLimited, services: Services) -> None:
    """Cut off who has been refused too often; whatever comes of that, the refusal stands."""
    try:
        if rest := services.floods.refused(connection_id, wait_ms=refusal.retry_after_ms or 0):
            disconnect_flooder(connection_id, services, rest=rest)
    except Exception as error:
        log.warning("not cut off", exc_info=error)


def _told(error: Exception, tally: InvocationRecord) -> ChatError:
    """What the client may know of *error*; what it may not goes to the log, under an id."""
    if isinstance(error, ChatError):
        tally.code = error.code
        return error
    tally.code, tally.error_id = Internal.code, secrets.token_hex(8)
    log.error("internal error", exc_info=error, extra={"fields": {"errorId": tally.error_id}})
    return Internal(f"internal error {tally.error_id}", retry_after_ms=1000)
