"""How fast somebody may do what others hear of, or what is kept of them."""

from chat.domain.connection import Connection
from chat.domain.rate_limit import Kind
from chat.ports import Services


def at_pace(connection_id: str, kind: Kind, services: Services) -> Connection:
    """Whose connection this is, with one taken out of its bucket, and of its user's.

    Raises `RateLimited`, before anything else is looked at, and `Unauthorized`.
    """
    connection = services.floods.connection(connection_id, kind)
    services.floods.user(connection.member.user_id, kind)
    return connection
