"""Entry point of the authorizer, a function of its own: builds the door once."""

import os
from collections.abc import Mapping
from typing import Any

from chat import logs
from chat.door import Door, authorize
from chat.keys import KeySet
from chat.times import SystemClock
from chat.tokens import Expected, Tokens


def build(environment: Mapping[str, str]) -> Door:
    """The door that *environment* describes; a missing variable fails here, at start."""
    expected = Expected(
        issuer=environment["ISSUER"],
        audience=tuple(environment["AUDIENCE"].split()),
        algorithms=tuple(environment["ALGORITHMS"].split()),
        token_use=environment["TOKEN_USE"] or None,
        user_claim=environment["USER_CLAIM"],
        name_claim=environment["NAME_CLAIM"],
    )
    keys = KeySet(environment["KEYS_URL"], algorithms=expected.algorithms, clock=SystemClock())
    return Door(
        Tokens(expected, keys),
        token_in_query=environment["QUERY"] == "token",
    )


logs.configure(os.environ["LOG_LEVEL"])
_door = build(os.environ)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """What API Gateway calls before `$connect`."""
    return authorize(event, _door)
