"""The deployed chat with a user pool, and its users."""

import base64
import json
from typing import Any

from websockets.sync.client import ClientConnection, connect

from local.deploy import client
from tests.support.emulator import Pool


class SignedIn:
    """The deployed chat, and the tokens of its users."""

    def __init__(self, pool: Pool) -> None:
        self.url = pool.emulator.url
        self.endpoints = pool.endpoints
        self.tokens = pool.tokens

    def connect(self, token: str | None = None, **options: Any) -> ClientConnection:
        """Open a connection, with a token in the header."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = self.endpoints.web_socket_url
        socket: ClientConnection = connect(url, additional_headers=headers, proxy=None, **options)
        return socket

    def written(self) -> set[str]:
        """Return the keys in the Connections table; earlier connections may still be closing."""
        table = self.endpoints.connections_table
        items = client("dynamodb", self.url).scan(TableName=table)["Items"]
        return {item["pk"]["S"] for item in items}


def subject(token: str) -> str:
    """Return the user id in a token."""
    claims = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])
