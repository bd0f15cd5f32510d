"""$disconnect: remove a closed connection. AWS may lose this event; 410 and TTL make up for it."""

from chat.logic.gone_connections import remove_connection
from chat.ports import Request, Services


def handle(request: Request[None], services: Services) -> None:
    """Remove the connection from the tables and announce that its user left rooms."""
    remove_connection(request.connection_id, services)
