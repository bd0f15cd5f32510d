"""Entry point of the WebSocket API's function: builds the services once, then dispatches events."""

from collections.abc import Mapping
from typing import Any

from chat import bootstrap
from chat.config import Config
from chat.dispatch import dispatch
from chat.runtime.deadlines import Context

_config = Config.from_env()
_runtime = bootstrap.start("chat", _config.function)
_services = bootstrap.build(_config, _runtime)


def handler(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Handle one event of API Gateway and return the reply or the status code."""
    with _runtime.invocation(context) as record:
        return dispatch(event, _services, record)
