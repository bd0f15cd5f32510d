"""Entry point of the closer's function: closes expired connections, and those of a banned user."""

from collections.abc import Mapping
from typing import Any

from chat import bootstrap
from chat.config import DeliveryConfig
from chat.logic import closing
from chat.observability.invocation import instrument
from chat.runtime.deadlines import Context

_config = DeliveryConfig.from_env()
_runtime = bootstrap.start("closer", _config.function)
_services = bootstrap.build_delivery(_config, _runtime)


def handler(event: Mapping[str, Any], context: Context) -> Mapping[str, int]:
    """Close connections and return their counts.

    The schedule sends no `userId`: connections whose token has expired are closed.
    `make ban-user` sends the `userId` of a banned user, whose connections are closed.
    """
    with _runtime.invocation(context) as record:
        services = instrument(_services, record)
        if "userId" in event:
            return closing.close_user(event["userId"], services)
        return closing.close_expired(services)
