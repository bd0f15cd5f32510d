"""Runs MiniStack, the AWS emulator, with additions for what it lacks, each with its reason."""

import asyncio
import functools
import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from local.credentials import read
from local.emulator import (
    deleted_connections,
    function_credentials,
    iam,
    journal,
    secrets,
    subprotocols,
)
from local.emulator.guard import Application, Guard
from local.emulator.signatures import Signatures
from local.private_files import PRIVATE

# MiniStack ships no types; modules fetched this way are Any throughout.
_gateway: Any = import_module("ministack.services.apigateway")
_provisioners: Any = import_module("ministack.services.cloudformation.provisioners")
_dynamodb: Any = import_module("ministack.services.dynamodb")
_runtime: Any = import_module("ministack.core.lambda_runtime")
_ministack: Any = import_module("ministack.app")

WORKERS = 4  # concurrent Lambda environments; each is a process of about 60 MB
MESSAGE_BYTES = 128 * 1024  # above it, API Gateway closes the connection with code 1009


def route_responses() -> None:
    """Add the CloudFormation resource of route responses, which MiniStack has as an API only."""

    def create(_logical_id: str, props: dict[str, Any], _stack: str) -> tuple[str, dict[str, Any]]:
        data = {"routeResponseKey": props["RouteResponseKey"]}
        status, _, body = _gateway._create_route_response(props["ApiId"], _route_id(props), data)
        if status >= 400:
            raise ValueError(f"AWS::ApiGatewayV2::RouteResponse: {body!r}")
        return json.loads(body)["routeResponseId"], {}

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        _gateway._delete_route_response(props["ApiId"], _route_id(props), physical_id)

    handlers = {"create": create, "delete": delete}
    _provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::RouteResponse"] = handlers


def _route_id(props: dict[str, Any]) -> str:
    """Return the route id from a route's Ref, which is `apiId/routeId` in MiniStack."""
    return str(props["RouteId"]).rpartition("/")[2]


def time_to_live() -> None:
    """Apply TimeToLiveSpecification, which MiniStack's CloudFormation ignores."""
    handlers = _provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]

    def create(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        result = plain_create(logical_id, props, stack)
        _set_time_to_live(result[0], props)
        return result

    def update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *names: Any) -> Any:
        result = plain_update(physical_id, old, new, *names)
        _set_time_to_live(result[0], new)
        return result

    plain_create, plain_update = handlers["create"], handlers["update"]
    handlers |= {"create": create, "update": update}


def _set_time_to_live(table: str, props: dict[str, Any]) -> None:
    if spec := props.get("TimeToLiveSpecification"):
        enabled = str(spec.get("Enabled")).lower() == "true"
        spec = {"AttributeName": spec["AttributeName"], "Enabled": enabled}
        _dynamodb._update_ttl({"TableName": table, "TimeToLiveSpecification": spec})


def route_selection() -> None:
    """Send a frame that is nested too deeply to parse to `$default`.

    MiniStack would close the socket.
    """
    plain = _gateway._evaluate_route_selection

    def evaluate(expression: str, payload: str) -> str:
        try:
            return str(plain(expression, payload))
        except RecursionError:
            return "$default"

    _gateway._evaluate_route_selection = evaluate


def large_partitions() -> None:
    """Evaluate simple conditions directly.

    MiniStack parses a Query's condition for every item, which takes 10 ms for 1,000 items.
    """
    plain = _dynamodb._evaluate_condition

    def evaluate(expression: str, item: Any, values: Any, *rest: Any, **options: Any) -> bool:
        name, _, value = (expression or "").partition(" = ")
        if name in item and value in (values or {}):
            return bool(item[name] == values[value])
        return bool(plain(expression, item, values, *rest, **options))

    _dynamodb._evaluate_condition = evaluate


def unauthorized() -> None:
    """Answer 401 if an authorizer fails with "Unauthorized", as API Gateway does.

    MiniStack answers 500 to every failure.
    """
    plain_run, plain_authorize = _gateway.run_reentrant, _gateway._authorize_ws_connect
    is_unauthorized: ContextVar[bool] = ContextVar("is_unauthorized", default=False)

    async def run(*function: Any, **options: Any) -> Any:
        result = await plain_run(*function, **options)
        if options.get("thread_name") == "ministack-apigw-authorizer":
            is_unauthorized.set(_failure(result) == "Unauthorized")
        return result

    async def authorize(*arguments: Any) -> Any:
        is_unauthorized.set(False)
        denial, context = await plain_authorize(*arguments)
        if denial and is_unauthorized.get():
            return (401, "Unauthorized"), None
        return denial, context

    _gateway.run_reentrant, _gateway._authorize_ws_connect = run, authorize


def _failure(result: Any) -> str | None:
    """Return the error message of a failed function, or None."""
    body = result.get("body") if isinstance(result, dict) else None
    described = json.loads(body) if isinstance(body, str | bytes) and body else body
    return described.get("errorMessage") if isinstance(described, dict) else None


def concurrent_invocations() -> None:
    """Run up to 4 WebSocket events at a time, as AWS does; MiniStack uses one worker."""
    slots = threading.BoundedSemaphore(WORKERS)

    def lease(name: str, config: iam.Config, *code: Any, **options: Any) -> _Lease:
        acquire = functools.partial(_runtime.acquire_worker, name, config, *code, **options)
        return _Lease(slots, config, acquire)

    _runtime.get_or_create_worker = lease


class _Lease:
    """One invocation on its own worker, with the interface of MiniStack's worker."""

    def __init__(
        self, slots: threading.BoundedSemaphore, config: iam.Config, acquire: Callable[[], Any]
    ) -> None:
        self._slots = slots
        self._config = config
        self._acquire = acquire

    def invoke(self, event: dict[str, Any], request_id: str) -> dict[str, Any]:
        """Return the worker's result, or API Gateway's error body if the worker failed."""
        context = event["requestContext"]
        route = f"{context['stage']}/{context['routeKey']}"
        if not iam.may_be_called(self._config, context["apiId"], route):
            return _failed(context)
        with self._slots:
            worker, _ = self._acquire()
            try:
                result: dict[str, Any] = worker.invoke(event, request_id)
            except Exception as error:  # an error at start is the function's failure too
                result = {"status": "error", "error": str(error)}
            finally:
                _runtime.release_worker(worker)
        if iam.may_log(self._config):
            _log(result)
        return result if result["status"] == "ok" else _failed(context)


def _log(result: dict[str, Any]) -> None:
    """Print the function's log, which MiniStack drops for WebSocket events."""
    for key in ("log", "error", "trace"):
        if text := result.get(key):
            print(text, flush=True)


def _failed(context: dict[str, Any]) -> dict[str, Any]:
    body = {
        "message": "Internal server error",
        "connectionId": context["connectionId"],
        "requestId": context["requestId"],
    }
    return {"status": "ok", "result": {"statusCode": 500, "body": json.dumps(body)}}


def prompt_replies() -> None:
    """Wait 2 ms for log lines after an invocation, not 50 ms.

    Lines that arrive later are printed with the next invocation.
    """
    worker = _runtime.Worker
    worker._drain_stderr_bounded = functools.partialmethod(
        worker._drain_stderr_bounded, first_line_wait=0.002, idle_confirm=0.002
    )


def many_files() -> None:
    """Raise the soft limit of open files, usually 1,024, to the hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    """Serve until SIGTERM, or until the parent process closes standard input."""
    os.umask(PRIVATE)
    guarded = _guard()
    many_files()
    iam.enforce()
    function_credentials.unpredictable()
    route_responses()
    time_to_live()
    route_selection()
    large_partitions()
    unauthorized()
    subprotocols.pass_on(_gateway)
    deleted_connections.drop_frames(_gateway)
    secrets.of_each_kind()
    concurrent_invocations()
    prompt_replies()
    asyncio.run(_serve(os.environ["GATEWAY_PORT"], guarded, journal.install()))


def _guard() -> Callable[[Application], Guard]:
    """Return what puts the guard before an application.

    Its settings leave the environment, because functions inherit the environment.
    """
    credentials = read(Path(os.environ.pop("GUARD_CREDENTIALS")))
    os.environ.update(credentials.environment)  # MiniStack takes this key for the root user's
    hosts, origins = (
        frozenset(os.environ.pop(f"GUARD_{it}").split()) for it in ("HOSTS", "ORIGINS")
    )
    return functools.partial(
        Guard, hosts=hosts, origins=origins, signatures=Signatures(credentials)
    )


async def _serve(
    port: str, guarded: Callable[[Application], Guard], durable: journal.Journal | None
) -> None:
    loop = asyncio.get_running_loop()
    stop = functools.partial(_stop, durable)
    loop.add_signal_handler(signal.SIGTERM, stop)
    threading.Thread(target=_stop_at_end_of_input, args=(loop, stop), daemon=True).start()
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75  # seconds, as in MiniStack; botocore reuses connections
    config.websocket_max_message_size = MESSAGE_BYTES
    application = durable.watching(_ministack.app) if durable else _ministack.app
    await serve(guarded(application), config, shutdown_trigger=asyncio.Event().wait)


def _stop_at_end_of_input(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Stop when the parent process ends, in whatever way it ended."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    loop.call_soon_threadsafe(stop)


def _stop(durable: journal.Journal | None) -> None:
    """Stop at once, without MiniStack's wait for open sockets and running functions.

    It blocks the event loop, so no write is acknowledged that is not in the journal.
    """
    if durable:
        durable.close()
    _runtime.reset()
    os._exit(0)


if __name__ == "__main__":
    main()
