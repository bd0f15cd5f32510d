"""hello: return the client's identity and the limits."""

from chat.domain.clock import wire
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import Hello, Welcome


def handle(request: Request[Hello], services: Services) -> Welcome:
    """Return the user, the server's time, the end of the connection, and the limits."""
    connection = throttle(request.connection_id, "reads", services)
    return Welcome(
        user_id=connection.member.user_id,
        name=connection.member.name,
        server_time=wire(services.clock.now()),
        expires_at=wire(connection.expires_at),
        limits=services.limits,
    )
