"""Passes on the subprotocol that `$connect` chooses, without which browsers disconnect."""

from contextvars import ContextVar
from typing import Any

_chosen: ContextVar[str | None] = ContextVar("chosen", default=None)


def pass_on(gateway: Any) -> None:
    """Let *gateway*, MiniStack's module, answer handshakes with `$connect`'s subprotocol."""
    plain_invoke, plain_handle = gateway._invoke_ws_lambda, gateway.handle_websocket

    async def invoke(*event: Any, **more: Any) -> Any:
        result = await plain_invoke(*event, **more)
        headers = (result or {}).get("headers") or {}
        _chosen.set(headers.get("Sec-WebSocket-Protocol", _chosen.get()))
        return result

    async def handle(scope: Any, receive: Any, send: Any, *rest: Any, **more: Any) -> None:
        _chosen.set(None)

        async def answer(message: Any) -> None:
            if message["type"] == "websocket.accept" and _chosen.get():
                message = {**message, "subprotocol": _chosen.get()}
            await send(message)

        await plain_handle(scope, receive, answer, *rest, **more)

    gateway._invoke_ws_lambda, gateway.handle_websocket = invoke, handle
