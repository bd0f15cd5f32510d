"""The routes of the WebSocket API: every action of the protocol by name."""

ROUTE_KEYS = (
    "$connect",
    "$disconnect",
    "$default",
    "hello",
    "createRoom",
    "joinRoom",
    "leaveRoom",
    "sendMessage",
    "getHistory",
    "listMembers",
    "ping",
)
