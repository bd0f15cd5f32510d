"""ping: keep a connection alive."""

from chat.domain.clock import wire
from chat.ports import Request, Services
from chat.protocol import Ping, Pong


def handle(request: Request[Ping], services: Services) -> Pong:  # noqa: ARG001 - a handler
    """Return the server's time."""
    return Pong(server_time=wire(services.clock.now()))
