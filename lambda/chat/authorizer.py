"""Entry point of the authorizer, a function of its own: builds the door once."""

import os
from collections.abc import Mapping
from typing import Any

from chat.auth.gateway_policy import Authorizer, authorize
from chat.auth.jwt_verifier import jwt_verifier_for
from chat.auth.verifier import expected
from chat.observability import logs
from chat.observability.metrics import EmfMetrics
from chat.runtime.deadlines import Context


def build(environment: Mapping[str, str]) -> Authorizer:
    """The door that *environment* describes; a missing variable fails here, at start."""
    return Authorizer(
        jwt_verifier_for(expected(environment), keys_url=environment["KEYS_URL"]),
        token_in_query=environment["QUERY"] == "token",
    )


_meter = EmfMetrics(namespace=os.environ["METRICS_NAMESPACE"], function="authorizer")
logs.configure(os.environ["LOG_LEVEL"], _meter.ids)
_door = build(os.environ)


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """What API Gateway calls before `$connect`."""
    with _meter.invocation(context.aws_request_id) as tally:
        return authorize(event, _door, tally)
