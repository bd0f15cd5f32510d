"""The hook over HTTP: its request, its valid answers, and its single try."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import pytest

from chat.review.lambda_hook import MAX_LATE_CALLS, LambdaHook
from chat.review.review import HookError
from chat.runtime import aws_clients
from chat.runtime.deadlines import InvocationDeadline
from local.processes import Stop, wait_until
from tests.support.lambda_api import DRIP_SECONDS, Service, serving

ARN = "arn:aws:lambda:us-east-1:000000000000:function:hook"
LAMBDA = Path(aws_clients.__file__).parents[2]


@pytest.fixture
def service() -> Service:
    """Return a service that answers at once."""
    return Service()


@pytest.fixture
def hook(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[LambdaHook]:
    """Return the adapter, with a time-out of one second, which a busy machine needs."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with serving(service) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        yield LambdaHook(
            partial(aws_clients.lambda_client, InvocationDeadline(), seconds=1.0),
            function=ARN,
            seconds=1.0,
        )


def test_invokes_the_function(hook: LambdaHook, service: Service) -> None:
    """The payload is the question, and the function's result is the answer."""
    answer = hook(b'{"text": "hi"}')

    assert json.loads(answer) == {"allow": True}
    ((path, body),) = service.asked
    assert unquote(path).endswith(f"/functions/{ARN}/invocations")
    assert json.loads(body) == {"text": "hi"}


@pytest.mark.parametrize(("hang_ups", "asked"), [(1, 2), (2, 2)])
def test_a_dead_connection_is_replaced_once(
    hook: LambdaHook, service: Service, hang_ups: int, asked: int
) -> None:
    """A dead kept connection is replaced once; a service that closes twice is an error."""
    service.hang_ups = hang_ups

    with nullcontext() if hang_ups == 1 else pytest.raises(HookError):
        assert json.loads(hook(b"{}")) == {"allow": True}

    assert len(service.asked) == asked


def test_does_not_wait_for_a_late_answer(hook: LambdaHook, service: Service) -> None:
    """A late answer is an error after one request."""
    service.pause = 60

    assert late(hook) < 30
    assert len(service.asked) == 1


def late(hook: LambdaHook) -> float:
    """Return the seconds until the error."""
    began = time.monotonic()
    with pytest.raises(HookError):
        hook(b"{}")
    return time.monotonic() - began


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_drips_is_late(
    hook: LambdaHook, service: Service, part: Literal["head", "body"]
) -> None:
    """The time-out is for the whole call, even if bytes keep arriving."""
    service.drips = part

    assert late(hook) < len(service.body) * DRIP_SECONDS
    assert len(service.asked) == 1


def test_a_late_answer_does_not_affect_the_next(hook: LambdaHook, service: Service) -> None:
    """The next question gets its own answer, while the late one arrives and after it."""
    service.drips, service.body = "body", b'{"allow": false}'
    late(hook)
    service.drips, service.body = "", b'{"allow": true}'

    answers = [hook(b"{}")]
    under_way = _calls()
    assert wait_until(lambda: _calls() == 0, stop=Stop(), seconds=20)
    answers.append(hook(b"{}"))

    assert [json.loads(answer) for answer in answers] == [{"allow": True}] * 2
    assert under_way == 1


@pytest.mark.usefixtures("hook")
def test_late_calls_are_bounded(service: Service) -> None:
    """Above the bound no call begins; after the late calls have ended, calls begin again."""
    service.pause = 60
    slow = partial(aws_clients.lambda_client, InvocationDeadline(), seconds=60)
    hasty = LambdaHook(slow, function=ARN, seconds=0.05)
    for _ in range(MAX_LATE_CALLS + 1):
        late(hasty)

    late(hasty)
    assert _calls() == len(service.asked) == MAX_LATE_CALLS + 1
    service.is_over.set()
    assert wait_until(lambda: _calls() == 0, stop=Stop(), seconds=5)
    assert wait_until(lambda: _answers(hasty), stop=Stop(), seconds=5)


def _answers(hook: LambdaHook) -> bool:
    with suppress(HookError):
        return hook(b"{}") == b'{"allow": true}'
    return False


def _calls() -> int:
    """Return the number of calls under way, late ones too."""
    return sum("_settle" in thread.name for thread in threading.enumerate())


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, "TooManyRequestsException"),
        (404, "ResourceNotFoundException"),
        (403, "AccessDeniedException"),
        (500, "ServiceException"),
    ],
)
def test_errors_of_lambda_are_no_answers(
    hook: LambdaHook, service: Service, status: int, error: str
) -> None:
    """Throttling, a missing function, 403 and 500 are errors after one request."""
    service.status, service.headers = status, {"x-amzn-errortype": error}

    with pytest.raises(HookError):
        hook(b"{}")

    assert len(service.asked) == 1


def test_a_function_that_fails_has_no_answer(hook: LambdaHook, service: Service) -> None:
    """The error of a function is no verdict."""
    service.headers = {"X-Amz-Function-Error": "Unhandled"}
    service.body = b'{"allow": true, "errorMessage": "a bug"}'

    with pytest.raises(HookError):
        hook(b"{}")


def test_out_of_reach(monkeypatch: pytest.MonkeyPatch, hook: LambdaHook) -> None:
    """A refused connection is an error of the hook."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    with pytest.raises(HookError):
        hook(b"{}")


def test_no_time_left(service: Service, hook: LambdaHook) -> None:
    """After the invocation's deadline no request is sent."""
    budget = InvocationDeadline()
    budget.start(0)

    with pytest.raises(HookError):
        LambdaHook(
            partial(aws_clients.lambda_client, budget, seconds=0.25), function=ARN, seconds=0.25
        )(b"{}")

    assert service.asked == []
    assert hook(b"{}")


@pytest.mark.parametrize("is_on", [False, True])
def test_off_is_not_even_imported(is_on: bool) -> None:
    """Without the variable neither the hook nor its dependencies are loaded."""
    program = """
import sys
from chat_stack.settings.environment import chat_variables, origin_variables
from chat_stack.settings.settings import Settings
import os
settings = Settings(stage_name="test")
os.environ.update(chat_variables(settings) | origin_variables(settings))
import chat.app
loaded = [name in sys.modules for name in ("chat.review.lambda_hook", "chat.review.review")]
print(chat.app._services.review is not None, *loaded)
"""
    environment = {
        **dict.fromkeys(("CONNECTIONS_TABLE", "ROOMS_TABLE", "METRICS_NAMESPACE"), "table"),
        **dict.fromkeys(("CALLBACK_URL", "QUEUE_URL"), "http://127.0.0.1:1"),
        **dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), "us-east-1"),
        "PYTHONPATH": f"{LAMBDA}:{LAMBDA.parent}",
    }
    review = {"REVIEW_FUNCTION": ARN, "REVIEW_TIMEOUT_MS": "1000", "REVIEW_FAILURE": "open"}

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, **(review if is_on else {})},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [str(is_on)] * 3
