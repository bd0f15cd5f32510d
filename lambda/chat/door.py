"""Who may open a connection, and as whom.

The response is a policy, as API Gateway asks for:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from chat import handshake
from chat.errors import ChatError, Forbidden, Unauthorized
from chat.tokens import Identity, Tokens

log = logging.getLogger(__name__)

Event = Mapping[str, Any]


class Refusal(Exception):
    """API Gateway answers 401 when an authorizer fails with exactly this text."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in.

    *origins*: where pages may be from that connect; empty is anywhere. *origin_required*: whether
    clients that name none, which are not browsers, are refused.
    """

    tokens: Tokens
    origins: frozenset[str] = frozenset()
    origin_required: bool = False
    token_in_query: bool = False

    def admit(self, event: Event) -> Identity:
        """Who it is; raises `Unauthorized`, or `Forbidden` for the wrong origin."""
        origin = handshake.header(event, "origin")
        if origin is None and self.origin_required:
            raise Forbidden("no origin")
        if origin is not None and self.origins and origin not in self.origins:
            raise Forbidden("another origin")
        token = handshake.token(event, from_query=self.token_in_query)
        if token is None:
            raise Unauthorized("no token")
        return self.tokens.verify(token)


def authorize(event: Event, door: Door) -> dict[str, Any]:
    """The policy for one handshake; raises `Refusal` for 401."""
    try:
        identity = door.admit(event)
    except Unauthorized as error:
        _line(error)
        raise Refusal from None
    except Forbidden as error:
        _line(error)
        return _policy("Deny", event, principal="nobody")
    return _policy("Allow", event, principal=identity.user_id, context=_context(identity))


def _context(identity: Identity) -> dict[str, str]:
    """What `$connect` is told; percent-encoded, for a context is only sure to carry ASCII."""
    return {
        "userId": quote(identity.user_id, safe=""),
        "name": quote(identity.name, safe=""),
        "expiresAt": str(int(identity.expires_at.timestamp())),
    }


def _policy(
    effect: str, event: Event, *, principal: str, context: Mapping[str, str] | None = None
) -> dict[str, Any]:
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": effect,
        "Resource": event["methodArn"],
    }
    return {
        "principalId": quote(principal, safe="")[:128],
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": dict(context or {}),
    }


def _line(refused: ChatError) -> None:
    """One line a refusal, with its reason and without the token."""
    log.info("refused", extra={"fields": {"code": refused.code, "reason": refused.message}})
