"""Headers of a WebSocket handshake: subprotocols and the token."""

from collections.abc import Mapping
from typing import Any

SUBPROTOCOL = "chat.v1"
"""Subprotocol that a browser offers before its token, and that the server chooses."""


def header(event: Mapping[str, Any], name: str) -> str | None:
    """Return a header's value, or None; the case of its name does not matter."""
    headers: Mapping[str, str] = event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), None)


def offered(event: Mapping[str, Any]) -> list[str]:
    """Return the subprotocols that the client offers, in its order."""
    entries = (header(event, "sec-websocket-protocol") or "").split(",")
    return [entry.strip() for entry in entries if entry.strip()]


def chosen(event: Mapping[str, Any]) -> str | None:
    """Return the subprotocol to answer with, or None.

    A browser closes the connection if the answer has none of those that it offered.
    """
    return SUBPROTOCOL if SUBPROTOCOL in offered(event) else None


def token(event: Mapping[str, Any], *, from_query: bool) -> str | None:
    """Return the bearer token of the handshake, or None.

    Programs send it as `Authorization: Bearer`. Browsers cannot set headers, so they send it as the
    subprotocol after `chat.v1`. If *from_query*, `?token=` counts too.
    """
    scheme, _, value = (header(event, "authorization") or "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    entries = offered(event)
    if len(entries) == 2 and entries[0] == SUBPROTOCOL:
        return entries[1]
    query = event.get("queryStringParameters") or {}
    return query.get("token") or None if from_query else None
