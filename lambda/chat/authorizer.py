"""Entry point of the authorizer's function, which API Gateway calls before `$connect`."""

from collections.abc import Mapping
from typing import Any

from chat.auth.gateway_policy import Authorizer, authorize
from chat.auth.jwt_verifier import jwt_verifier_for
from chat.config import AuthorizerConfig
from chat.runtime.deadlines import Context
from chat.runtime.function import FunctionRuntime

_config = AuthorizerConfig.from_env()
_runtime = FunctionRuntime(
    "authorizer",
    metrics_namespace=_config.function.metrics_namespace,
    log_level=_config.function.log_level,
)
_authorizer = Authorizer(
    jwt_verifier_for(_config.tokens.policy, keys_url=_config.tokens.keys_url),
    token_in_query=_config.token_in_query,
)


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Return the policy for one handshake; raise for API Gateway to answer 401."""
    with _runtime.invocation(context) as record:
        return authorize(event, _authorizer, record)
