"""Who may open a connection, and as whom.

The response is a policy, as API Gateway asks for:
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


class Refusal(Exception):
    """API Gateway answers 401 when an authorizer fails with exactly this text."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in; *token_in_query* allows `?token=`, which ends up in logs of others."""

    tokens: Verifier
    token_in_query: bool = False

    def admit(self, event: Event) -> Identity:
        """Who it is; raises `Unauthorized`."""
        token = handshake.token(event, from_query=self.token_in_query)
        if token is None:
            raise Unauthorized("no token")
        return self.tokens.verify(token)


def authorize(event: Event, door: Door, tally: InvocationRecord | None = None) -> dict[str, Any]:
    """The policy for one handshake, counted in *tally*; raises `Refusal` for 401."""
    tally = tally or InvocationRecord()
    context = event.get("requestContext", {})
    tally.route = "$connect"
    tally.connection_id, tally.request_id = context.get("connectionId"), context.get("requestId")
    try:
        identity = door.admit(event)
    except Unauthorized as error:
        tally.refused, tally.code = 1, error.code
        _line(error)
        raise Refusal from None
    except Exception:
        tally.faults = 1
        raise
    tally.admitted = 1
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
    """What `$connect` is told; percent-encoded, for a context is only sure to carry ASCII."""
    return {
        "userId": quote(identity.user_id, safe=""),
        "name": quote(identity.name, safe=""),
        "expiresAt": str(int(identity.expires_at.timestamp())),
        "tokenId": identity.token_id,
    }


def _line(refused: ChatError) -> None:
    """One line a refusal, with its reason and without the token."""
    log.info("refused", extra={"fields": {"code": refused.code, "reason": refused.message}})
