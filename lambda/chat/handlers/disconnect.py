"""$disconnect: a socket is closed; best effort on AWS, so 410 and TTL stand behind it."""

from chat.logic.presence import remove_connection
from chat.ports import Request, Services


def handle(request: Request[None], services: Services) -> None:
    """Take the connection out of every room it was in, and tell those who stay."""
    remove_connection(request.connection_id, services)
