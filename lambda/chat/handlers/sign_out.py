"""signOut: the tokens of this connection are good for nothing more."""

from chat.errors import Forbidden, Unauthorized
from chat.logic.presence import remove_connection
from chat.ports import Request, Services
from chat.protocol import SignedOut, SignOut


def handle(request: Request[SignOut], services: Services) -> SignedOut:
    """End every connection that was opened or renewed with one of them, this one last.

    Its socket is the client's to close, after the reply: it neither speaks nor hears any more.
    """
    connection = services.rooms.connection(request.connection_id)
    if connection.token_expires_at is None:
        raise Forbidden("a guest has no token: there is nothing to sign out of")
    if not connection.tokens:  # it was opened before tokens were remembered
        raise Unauthorized("this connection's token is not known any more: connect again")
    found = services.sockets.sign_out(connection)
    others = [id_ for id_ in found if id_ != request.connection_id]
    services.push.close(others)
    for connection_id in (*others, request.connection_id):
        remove_connection(connection_id, services)
    return SignedOut()
