"""$disconnect: a socket is closed; best effort on AWS, so 410 and TTL stand behind it."""

from chat.logic.presence import hang_up
from chat.ports import Request, Services


def handle(request: Request[None], services: Services) -> None:
    """Take the connection out of every room it was in, and tell those who stay."""
    hang_up(request.connection_id, services)
