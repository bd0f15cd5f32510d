"""renew: a fresh token lets a connection go on."""

from chat.domain.clock import wire
from chat.domain.connection import TokenId
from chat.errors import Forbidden
from chat.ports import Request, Services
from chat.protocol import Renew, Renewed

MOST_TOKENS = 100
"""Of a connection, which lives two hours: who signs out has to wait until each is remembered."""


def handle(request: Request[Renew], services: Services) -> Renewed:
    """Let the connection, and its places in rooms, last as long as the token."""
    connection = services.rooms.connection(request.connection_id)
    if connection.token_expires_at is None:
        raise Forbidden("a guest's connection has no token to renew: it lasts as long as any")
    if len(connection.tokens) >= MOST_TOKENS:
        raise Forbidden(f"a connection has at most {MOST_TOKENS} tokens: open another one")
    identity = services.verifier.verify(request.body.token)
    if identity.user_id != connection.member.user_id:
        raise Forbidden("$.token: another user's: a connection stays that of who opened it")
    token = TokenId(identity.token_id, identity.expires_at)
    renewed = services.sockets.renew(connection, token)
    return Renewed(expires_at=wire(renewed.ends_at))
