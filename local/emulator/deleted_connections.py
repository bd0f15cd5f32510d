"""Stops MiniStack from reading frames of a deleted connection, as API Gateway does."""

import asyncio
from contextvars import ContextVar
from typing import Any

_connection_id: ContextVar[str | None] = ContextVar("connection_id", default=None)
"""The connection that the current task serves, once it has sent a frame."""


def drop_frames(gateway: Any) -> None:
    """Let *gateway*, MiniStack's module, receive no frame of a connection that it has deleted.

    MiniStack closes a deleted connection once no frame arrives for a moment. A flood prevents that.
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
        received = {"type": ""}

        async def receive_open() -> Any:
            nonlocal received
            connection_id = _connection_id.get()
            if connection_id is not None and connection_id not in gateway._ws_connections:
                await asyncio.Event().wait()
            received = await receive()
            return received

        await plain_handle(scope, receive_open, *rest, **more)
        if received["type"] != "websocket.disconnect":
            draining.add(task := asyncio.create_task(_drain(receive)))
            task.add_done_callback(draining.discard)

    gateway._invoke_ws_lambda, gateway.handle_websocket = invoke, handle


async def _drain(receive: Any) -> None:
    """Discard frames until the client disconnects; the server closes only when all are read."""
    while (await receive())["type"] != "websocket.disconnect":
        pass
