"""ping: keep the connection alive, and tell the time."""

from chat.ports import Request, Services
from chat.protocol import Ping, Pong
from chat.times import wire


def handle(request: Request[Ping], services: Services) -> Pong:  # noqa: ARG001 - a handler
    """Answer with the server's time."""
    return Pong(server_time=wire(services.clock.now()))
