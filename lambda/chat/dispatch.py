"""Event -> handler -> reply. The only place where errors become frames or status codes.

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
from chat.logic.flooders import on_rate_limited
from chat.observability.invocation import InvocationRecord, instrument
from chat.ports import Request, Services
from chat.protocol import Error, MessageSent, Reply, RoomCreated
from chat.protocol.codec import decode, encode, envelope_of
from chat.routes import ROUTES

log = logging.getLogger(__name__)

Event = Mapping[str, Any]
Response = dict[str, Any]


def dispatch(event: Event, services: Services, record: InvocationRecord | None = None) -> Response:
    """Handle one event, write its outcome into *record*, and return the response. Never raises."""
    context = event["requestContext"]
    connection_id = context["connectionId"]
    record = record or InvocationRecord()
    record.connection_id, record.request_id = connection_id, context.get("requestId")
    route_key = context.get("routeKey")
    record.route = route_key if route_key in ROUTES else "$default"
    services = instrument(services, record)
    match context.get("eventType"):
        case "CONNECT":
            return _connect(event, connection_id, services, record)
        case "DISCONNECT":
            return _disconnect(connection_id, services, record)
        case _:
            return _handle_frame(event, connection_id, services, record)


def _connect(
    event: Event, connection_id: str, services: Services, record: InvocationRecord
) -> Response:
    try:
        services.origins.check(handshake.header(event, "origin"))
        ROUTES["$connect"](Request(_user_of(event), connection_id), services)
    except Exception as error:
        return {"statusCode": _as_chat_error(error, record).status}
    record.connects = 1
    protocol = handshake.chosen(event)
    return {
        "statusCode": 200,
        **({"headers": {"Sec-WebSocket-Protocol": protocol}} if protocol else {}),
    }


def _user_of(event: Event) -> Guest | Bearer:
    """Return the identity that the authorizer has found, or the guest that the URL names."""
    if authorized := event["requestContext"].get("authorizer"):
        return msgspec.convert(authorized, Bearer)
    return msgspec.convert(event.get("queryStringParameters") or {}, Guest)


def _disconnect(connection_id: str, services: Services, record: InvocationRecord) -> Response:
    record.disconnects = 1
    try:
        ROUTES["$disconnect"](Request(None, connection_id), services)
    except Exception as error:
        _as_chat_error(error, record)
        return {"statusCode": 500}
    return {"statusCode": 200}


def _handle_frame(
    event: Event, connection_id: str, services: Services, record: InvocationRecord
) -> Response:
    """Handle a frame and return the reply, or the error frame."""
    text = event.get("body") or ""
    try:
        services.rate_limiter.take_frame_token(connection_id)
        if event.get("isBase64Encoded"):
            raise BadRequest("$: expected a text frame, got a binary one")
        reply = _call_handler(text, connection_id, services, record)
    except Exception as error:
        reply = _error_frame(_as_chat_error(error, record), text)
        if isinstance(error, RateLimited):
            on_rate_limited(connection_id, error, services)
    return {"statusCode": 200, "body": encode(reply).decode()}


def _call_handler(
    text: str, connection_id: str, services: Services, record: InvocationRecord
) -> Reply:
    """Decode a frame and return the reply of its handler."""
    body = decode(text)
    tag = body.__struct_config__.tag
    # The action decides, not the route key: API Gateway and this decoder may read it differently.
    record.route = tag if isinstance(tag, str) else "$default"
    record.room_id = getattr(body, "room_id", None)
    reply = ROUTES[record.route](Request(body, connection_id), services)
    if reply is None:
        raise TypeError(f"{record.route} has no reply")
    if isinstance(reply, RoomCreated):
        record.room_id = reply.room.room_id
    record.messages = int(isinstance(reply, MessageSent))
    return msgspec.structs.replace(reply, request_id=body.request_id)


def _error_frame(error: ChatError, text: str) -> Error:
    envelope = envelope_of(text)
    return Error(
        code=error.code,
        message=error.message,
        action=envelope.action,
        request_id=envelope.request_id,
        retry_after_ms=error.retry_after_ms,
        reason=error.reason,
    )


def _as_chat_error(error: Exception, record: InvocationRecord) -> ChatError:
    """Return the error that the client may receive. Details of others are logged under an id."""
    if isinstance(error, ChatError):
        record.code = error.code
        return error
    record.code, record.error_id = Internal.code, secrets.token_hex(8)
    log.error("internal error", exc_info=error, extra={"fields": {"errorId": record.error_id}})
    return Internal(f"internal error {record.error_id}", retry_after_ms=1000)
