"""Entry point of the authorizer, a function of its own: builds the door once."""

import os
from collections.abc import Mapping
from typing import Any

from chat import logs
from chat.door import Door, authorize
from chat.identity import expected
from chat.tokens import trusting


def build(environment: Mapping[str, str]) -> Door:
    """The door that *environment* describes; a missing variable fails here, at start."""
    return Door(
        trusting(expected(environment), keys_url=environment["KEYS_URL"]),
        token_in_query=environment["QUERY"] == "token",
    )


logs.configure(os.environ["LOG_LEVEL"])
_door = build(os.environ)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """What API Gateway calls before `$connect`."""
    return authorize(event, _door)
