"""The hook over HTTP: what is sent, what counts as an answer, and that it is tried once."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from chat import aws
from chat.budget import Budget
from chat.hook import LambdaHook
from chat.review import HookError

ARN = "arn:aws:lambda:us-east-1:000000000000:function:hook"
LAMBDA = Path(aws.__file__).parents[1]


class Service:
    """Lambda's HTTP API, as far as one answer goes."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b'{"allow": true}'
        self.pause = 0.0
        self.asked: list[tuple[str, bytes]] = []


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """*service* on a port of this machine; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append((self.path, body))
            time.sleep(service.pause)
            self.send_response(service.status)
            for name, value in service.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(service.body)))
            self.end_headers()
            self.wfile.write(service.body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def service() -> Service:
    """It answers at once."""
    return Service()


@pytest.fixture
def hook(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[LambdaHook]:
    """The adapter, with a quarter of a second for an answer."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with serving(service) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        yield LambdaHook(partial(aws.functions, Budget(), seconds=0.25), function=ARN)


def test_asks_that_function(hook: LambdaHook, service: Service) -> None:
    """The question is the payload, the answer is what the function returned."""
    answer = hook(b'{"text": "hi"}')

    assert json.loads(answer) == {"allow": True}
    ((path, body),) = service.asked
    assert unquote(path).endswith(f"/functions/{ARN}/invocations")
    assert json.loads(body) == {"text": "hi"}


def test_does_not_wait_for_long(hook: LambdaHook, service: Service) -> None:
    """A late answer is none, and it is asked for once."""
    service.pause = 1.0
    began = time.monotonic()

    with pytest.raises(HookError):
        hook(b"{}")

    assert time.monotonic() - began < 0.9
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, "TooManyRequestsException"),
        (404, "ResourceNotFoundException"),
        (403, "AccessDeniedException"),
        (500, "ServiceException"),
    ],
)
def test_refusals_are_no_answers(
    hook: LambdaHook, service: Service, status: int, error: str
) -> None:
    """Throttled, gone, forbidden or broken: once is enough."""
    service.status, service.headers = status, {"x-amzn-errortype": error}

    with pytest.raises(HookError):
        hook(b"{}")

    assert len(service.asked) == 1


def test_a_function_that_fails_has_no_answer(hook: LambdaHook, service: Service) -> None:
    """What it raised is no verdict."""
    service.headers = {"X-Amz-Function-Error": "Unhandled"}
    service.body = b'{"allow": true, "errorMessage": "a bug"}'

    with pytest.raises(HookError):
        hook(b"{}")


def test_out_of_reach(monkeypatch: pytest.MonkeyPatch, hook: LambdaHook) -> None:
    """Nobody listens there."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    with pytest.raises(HookError):
        hook(b"{}")


def test_no_time_left(service: Service, hook: LambdaHook) -> None:
    """An invocation whose time is over asks nobody."""
    budget = Budget()
    budget.start(0)

    with pytest.raises(HookError):
        LambdaHook(partial(aws.functions, budget, seconds=0.25), function=ARN)(b"{}")

    assert service.asked == []
    assert hook(b"{}")


@pytest.mark.parametrize("is_on", [False, True])
def test_off_is_not_even_imported(is_on: bool) -> None:
    """Without the variable neither the hook nor what it needs is loaded."""
    program = """
import sys
from chat_stack.settings import Settings
import os
os.environ.update(Settings(stage_name="test").variables)
import chat.app
loaded = [name in sys.modules for name in ("chat.hook", "chat.review")]
print(chat.app._services.review is not None, *loaded)
"""
    environment = {
        **dict.fromkeys(("CONNECTIONS_TABLE", "ROOMS_TABLE", "METRICS_NAMESPACE"), "table"),
        **dict.fromkeys(("CALLBACK_URL", "QUEUE_URL"), "http://127.0.0.1:1"),
        **dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), "us-east-1"),
        "PYTHONPATH": f"{LAMBDA}:{LAMBDA.parent}",
    }
    review = {"REVIEW_FUNCTION": ARN, "REVIEW_TIMEOUT_MS": "1000", "REVIEW_FAILURE": "open"}

    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, **(review if is_on else {})},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split() == [str(is_on)] * 3
