"""The one table: route key -> handler."""

from collections.abc import Callable, Mapping
from typing import Any

from chat.handlers import (
    connect,
    create_room,
    default,
    disconnect,
    get_history,
    hello,
    join_room,
    leave_room,
    list_members,
    ping,
    send_message,
)
from chat.ports import Request, Services
from chat.protocol import AnyReply

Handler = Callable[[Request[Any], Services], AnyReply | None]

ROUTES: Mapping[str, Handler] = {
    "$connect": connect.handle,
    "$disconnect": disconnect.handle,
    "$default": default.handle,
    "hello": hello.handle,
    "createRoom": create_room.handle,
    "joinRoom": join_room.handle,
    "leaveRoom": leave_room.handle,
    "sendMessage": send_message.handle,
    "getHistory": get_history.handle,
    "listMembers": list_members.handle,
    "ping": ping.handle,
}
