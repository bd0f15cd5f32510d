"""Event -> handler -> reply; the one place where errors become frames or status codes.

An event is what API Gateway sends for a WebSocket route:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html
"""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import msgspec

from chat import handshake
from chat.errors import BadRequest, ChatError, Internal
from chat.frames import decode, encode, envelope_of
from chat.handlers.connect import Bearer, Guest
from chat.ports import Request, Services
from chat.protocol import AnyReply, Error
from chat.routes import ROUTES

log = logging.getLogger(__name__)

Event = Mapping[str, Any]
Response = dict[str, Any]


def dispatch(event: Event, services: Services) -> Response:
    """Handle one event; never raises."""
    context = event["requestContext"]
    match context.get("eventType"):
        case "CONNECT":
            return _connect(event, context["connectionId"], services)
        case "DISCONNECT":
            return _disconnect(context["connectionId"], services)
        case _:
            return _answer(event, context["connectionId"], services)


def _connect(event: Event, connection_id: str, services: Services) -> Response:
    try:
        services.origins.check(event)
        ROUTES["$connect"](Request(_who(event), connection_id), services)
    except Exception as error:
        refused = _told(error)
        _line("$connect", connection_id, refused.code)
        return {"statusCode": refused.status}
    _line("$connect", connection_id)
    protocol = handshake.chosen(event)
    return {
        "statusCode": 200,
        **({"headers": {"Sec-WebSocket-Protocol": protocol}} if protocol else {}),
    }


def _who(event: Event) -> Guest | Bearer:
    if authorized := event["requestContext"].get("authorizer"):
        return msgspec.convert(authorized, Bearer)
    return msgspec.convert(event.get("queryStringParameters") or {}, Guest)


def _disconnect(connection_id: str, services: Services) -> Response:
    try:
        ROUTES["$disconnect"](Request(None, connection_id), services)
    except Exception as error:
        _line("$disconnect", connection_id, _told(error).code)
        return {"statusCode": 500}
    _line("$disconnect", connection_id)
    return {"statusCode": 200}


def _answer(event: Event, connection_id: str, services: Services) -> Response:
    text = event.get("body") or ""
    try:
        services.floods.request(connection_id)
        if event.get("isBase64Encoded"):
            raise BadRequest("$: expected a text frame, got a binary one")
        reply = _reply(text, connection_id, services)
    except Exception as error:
        reply = _refusal(_told(error), text)
    code = reply.code if isinstance(reply, Error) else None
    _line(envelope_of(text).action or "$default", connection_id, code)
    return {"statusCode": 200, "body": encode(reply).decode()}


def _reply(text: str, connection_id: str, services: Services) -> AnyReply:
    body = decode(text)
    route_key = body.__struct_config__.tag
    handler = ROUTES[route_key if isinstance(route_key, str) else "$default"]
    reply = handler(Request(body, connection_id), services)
    if reply is None:
        raise TypeError(f"{route_key} has no reply")
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


def _told(error: Exception) -> ChatError:
    """What the client may know of *error*; what it may not goes to the log, under an id."""
    if isinstance(error, ChatError):
        return error
    error_id = secrets.token_hex(8)
    log.error("internal error", exc_info=error, extra={"fields": {"errorId": error_id}})
    return Internal(f"internal error {error_id}", retry_after_ms=1000)


def _line(route: str, connection_id: str, code: str | None = None) -> None:
    """One line an invocation, without what people wrote."""
    fields = {"route": route, "connectionId": connection_id, "code": code or "ok"}
    log.info("handled", extra={"fields": fields})
