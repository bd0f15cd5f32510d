"""MiniStack reads on from a connection that was deleted while frames wait; API Gateway does not."""

import asyncio
from contextvars import ContextVar
from typing import Any

_connection_id: ContextVar[str | None] = ContextVar("connection_id", default=None)
"""The connection that the present task serves, once it has said something."""


def drop_frames(gateway: Any) -> None:
    """Let *gateway*, MiniStack's module, hear nothing of a connection that it has deleted.

    It ends the connection when nothing arrives for a moment, which a flood never lets happen.
    """
    plain_invoke, plain_handle = gateway._invoke_ws_lambda, gateway.handle_websocket
    draining = set[asyncio.Task[None]]()

    async def invoke(*event: Any, **more: Any) -> Any:
        connection_id, kind = event[5:7]
        if kind == "MESSAGE":
            _connection_id.set(connection_id)
        return await plain_invoke(*event, **more)

    async def handle(scope: Any, receive: Any, *rest: Any, **more: Any) -> None:
        _connection_id.set(None)
        heard = {"type": ""}

        async def hear() -> Any:
            nonlocal heard
            connection_id = _connection_id.get()
            if connection_id is not None and connection_id not in gateway._ws_connections:
                await asyncio.Event().wait()
            heard = await receive()
            return heard

        await plain_handle(scope, hear, *rest, **more)
        if heard["type"] != "websocket.disconnect":
            draining.add(task := asyncio.create_task(_drain(receive)))
            task.add_done_callback(draining.discard)

    gateway._invoke_ws_lambda, gateway.handle_websocket = invoke, handle


async def _drain(receive: Any) -> None:
    """Take what still comes: the server closes nothing while somebody has frames to take."""
    while (await receive())["type"] != "websocket.disconnect":
        pass
