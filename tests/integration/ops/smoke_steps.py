"""The steps of a smoke test, in order."""

STEPS = [
    "connect",
    "hello",
    "create",
    "invite",
    "connect another",
    "join",
    "send",
    "send to receipt",
    "reconnect",
    "resume",
    "list",
    "leave",
    "list after leaving",
    "delete",
]
