"""$default: refuse a frame with an unknown action."""

from typing import NoReturn

from chat.errors import UnknownAction
from chat.ports import Request, Services
from chat.protocol.codec import ACTIONS, Unknown


def handle(request: Request[Unknown], services: Services) -> NoReturn:  # noqa: ARG001 - a handler
    """Raise UnknownAction with the list of actions."""
    raise UnknownAction(f"$.action: expected one of {', '.join(sorted(ACTIONS))}")
