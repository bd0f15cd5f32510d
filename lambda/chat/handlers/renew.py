"""renew: extend a connection with a fresh token."""

from chat.domain.clock import wire
from chat.domain.connection import TokenId
from chat.errors import Forbidden
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import Renew, Renewed

MAX_TOKENS = 100
"""Tokens of a connection, which lives two hours. signOut takes one request for each."""


def handle(request: Request[Renew], services: Services) -> Renewed:
    """Extend the connection and its subscriptions to the end of the token."""
    connection = throttle(request.connection_id, "joins", services)
    if connection.token_expires_at is None:
        raise Forbidden("a guest's connection has no token to renew")
    if len(connection.tokens) >= MAX_TOKENS:
        raise Forbidden(f"a connection has at most {MAX_TOKENS} tokens: open another connection")
    identity = services.verifier.verify(request.body.token)
    if identity.user_id != connection.member.user_id:
        raise Forbidden("$.token: the token belongs to another user than the connection")
    token = TokenId(identity.token_id, identity.expires_at)
    renewed = services.connections.renew(connection, token)
    return Renewed(expires_at=wire(renewed.expires_at))
