"""hello: who am I here, and what are the limits?"""

from chat.domain.clock import wire
from chat.ports import Request, Services
from chat.protocol import Hello, Welcome


def handle(request: Request[Hello], services: Services) -> Welcome:
    """Tell the client its identity, the time, and what this endpoint accepts."""
    connection = services.rooms.connection(request.connection_id)
    return Welcome(
        user_id=connection.member.user_id,
        name=connection.member.name,
        server_time=wire(services.clock.now()),
        expires_at=wire(connection.ends_at),
        limits=services.limits,
    )
