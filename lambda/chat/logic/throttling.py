"""Rate limits of the requests of a connection and its user."""

from chat.domain.connection import Connection
from chat.domain.rate_limit import Kind
from chat.ports import Services


def throttle(connection_id: str, kind: Kind, services: Services) -> Connection:
    """Take a token out of the buckets of a connection and of its user; return the connection.

    Raises RateLimited, before anything else is checked, and Unauthorized.
    """
    connection = services.rate_limiter.take_connection_token(connection_id, kind)
    services.rate_limiter.take_user_token(connection.member.user_id, kind)
    return connection
