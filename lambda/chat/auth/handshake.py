"""What a WebSocket handshake carries: an origin, and perhaps a token."""

from collections.abc import Mapping
from typing import Any

SUBPROTOCOL = "chat.v1"
"""What a browser offers beside its token, and what the server then chooses."""


def header(event: Mapping[str, Any], name: str) -> str | None:
    """A header's value, whatever the case of its name; None when it is absent."""
    headers: Mapping[str, str] = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), None)


def offered(event: Mapping[str, Any]) -> list[str]:
    """The subprotocols that the client offers, in its order."""
    entries = (header(event, "sec-websocket-protocol") or "").split(",")
    return [entry.strip() for entry in entries if entry.strip()]


def chosen(event: Mapping[str, Any]) -> str | None:
    """The subprotocol to answer with: a browser closes the connection without one it offered."""
    return SUBPROTOCOL if SUBPROTOCOL in offered(event) else None


def token(event: Mapping[str, Any], *, from_query: bool) -> str | None:
    """The bearer's token.

    From `Authorization: Bearer` (a terminal, a bot), or from the entry after `chat.v1` among the
    subprotocols (a browser, which can set no header), or from `?token=` where that is allowed.
    """
    scheme, _, value = (header(event, "authorization") or "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    entries = offered(event)
    if len(entries) == 2 and entries[0] == SUBPROTOCOL:
        return entries[1]
    query = event.get("queryStringParameters") or {}
    return query.get("token") or None if from_query else None
