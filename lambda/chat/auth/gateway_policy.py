"""Authenticates a handshake and answers API Gateway with a policy.

The format of the policy:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from chat.auth import handshake
from chat.domain.identity import Identity
from chat.errors import ChatError, Unauthorized
from chat.observability.invocation import InvocationRecord
from chat.ports import Verifier

log = logging.getLogger(__name__)

Event = Mapping[str, Any]

MAX_NAME_CHARS = 256
"""Characters of a name that the context carries: API Gateway bounds the context's size."""


class UnauthorizedResponse(Exception):
    """Error text for which API Gateway answers the handshake with 401."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


@dataclass(frozen=True, slots=True)
class Authorizer:
    """Authenticator of handshakes; *token_in_query* allows `?token=`, which may be logged."""

    tokens: Verifier
    token_in_query: bool = False

    def authenticate(self, event: Event) -> Identity:
        """Return the identity of the token in *event*. Raises `Unauthorized`."""
        token = handshake.token(event, from_query=self.token_in_query)
        if token is None:
            raise Unauthorized("the handshake has no token")
        return self.tokens.verify(token)


def authorize(
    event: Event, authorizer: Authorizer, record: InvocationRecord | None = None
) -> dict[str, Any]:
    """Return the policy for one handshake and count it in *record*.

    Raises `UnauthorizedResponse` for 401.
    """
    record = record or InvocationRecord()
    context = event.get("requestContext", {})
    record.route = "$connect"
    record.connection_id, record.request_id = context.get("connectionId"), context.get("requestId")
    try:
        identity = authorizer.authenticate(event)
    except Unauthorized as error:
        record.denied, record.code = 1, error.code
        _log_denial(error)
        raise UnauthorizedResponse from None
    except Exception:
        record.faults = 1
        raise
    record.allowed = 1
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow",
        "Resource": event["methodArn"],
    }
    return {
        "principalId": quote(identity.user_id, safe="")[:128],
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": _context(identity),
    }


def _context(identity: Identity) -> dict[str, str]:
    """Return the context for `$connect`, percent-encoded since it carries only ASCII."""
    return {
        "userId": quote(identity.user_id, safe=""),
        "name": quote(identity.name[:MAX_NAME_CHARS], safe=""),
        "expiresAt": str(int(identity.expires_at.timestamp())),
        "tokenId": identity.token_id,
    }


def _log_denial(error: ChatError) -> None:
    """Log a denied handshake with its reason and without the token."""
    log.info("handshake denied", extra={"fields": {"code": error.code, "reason": error.message}})
