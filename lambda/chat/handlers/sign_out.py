"""signOut: revoke the tokens of this connection."""

from chat.errors import Forbidden, OutOfTime, Unauthorized
from chat.logic.closing import close
from chat.logic.gone_connections import remove_connection
from chat.logic.throttling import throttle
from chat.ports import Request, Services
from chat.protocol import SignedOut, SignOut


def handle(request: Request[SignOut], services: Services) -> SignedOut:
    """Close every connection that has one of the tokens, and remove this one last.

    The client closes this WebSocket itself, after the reply. If the time is too short for all,
    raises OutOfTime: a repeated request finds the connections that are left.
    """
    connection = throttle(request.connection_id, "reads", services)
    if connection.token_expires_at is None:
        raise Forbidden("a guest has no token to revoke")
    if not connection.tokens:  # it was opened before tokens were stored
        raise Unauthorized("the token of this connection is not known: connect again")
    found = services.connections.revoke_tokens(connection)
    others = [id_ for id_ in found if id_ != request.connection_id]
    if close(others, services).left:
        raise OutOfTime
    remove_connection(request.connection_id, services)
    return SignedOut()
