"""The source of the role's credentials after they expire, as they do under SnapStart."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import chat.runtime.aws_clients
from local.processes import environment
from tests.support.server_thread import running_in_thread

LAMBDA = Path(chat.runtime.aws_clients.__file__).parents[2]
ASK_TWICE = """
from chat.runtime.aws_clients import credentials
print(*(credentials().token for _ in range(2)))
"""


class Endpoint(BaseHTTPRequestHandler):
    """A container credentials endpoint whose credentials last a minute."""

    given = 0

    def do_GET(self) -> None:
        """Return new credentials to a client with the environment's token."""
        if self.headers["Authorization"] != "sesame":
            self.send_error(403)
            return
        Endpoint.given += 1
        ends = datetime.now(UTC) + timedelta(minutes=1)
        body = {
            "AccessKeyId": "key",
            "SecretAccessKey": "secret",
            "Token": f"token{Endpoint.given}",
            "Expiration": ends.isoformat(),
        }
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Write no log."""


@pytest.fixture
def endpoint_url() -> Iterator[str]:
    """Return the URL of the endpoint."""
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server,
        running_in_thread(partial(server.serve_forever, 0.05), stop=server.shutdown),
    ):
        yield f"http://127.0.0.1:{server.server_port}/credentials"


def test_credentials_are_fresh_whenever_asked(endpoint_url: str) -> None:
    """Expiring credentials are replaced from the container's endpoint."""
    env = environment(
        AWS_CONTAINER_CREDENTIALS_FULL_URI=endpoint_url,
        AWS_CONTAINER_AUTHORIZATION_TOKEN="sesame",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_EC2_METADATA_DISABLED="true",
    )

    asked = subprocess.run(
        [sys.executable, "-c", ASK_TWICE], cwd=LAMBDA, env=env, capture_output=True, check=True
    )

    first, second = asked.stdout.decode().split()
    assert first != second
