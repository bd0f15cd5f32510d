"""$default: a frame whose action nobody knows."""

from typing import NoReturn

from chat.errors import UnknownAction
from chat.ports import Request, Services
from chat.protocol.codec import ACTIONS, Unknown


def handle(request: Request[Unknown], services: Services) -> NoReturn:  # noqa: ARG001 - a handler
    """Refuse it, naming what would be understood."""
    raise UnknownAction(f"$.action: expected one of {', '.join(sorted(ACTIONS))}")
