"""The contract of a review hook: the fake, the HTTP adapter, and a function on the emulator."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from botocore.session import get_session

from chat.review.lambda_hook import MAX_ANSWER_BYTES, LambdaHook
from chat.review.review import Hook, HookError
from chat.runtime import aws_clients
from chat.runtime.deadlines import InvocationDeadline
from local.credentials import known
from local.deploy import client
from tests.support.emulated_function import create_function
from tests.support.fakes.review import FakeHook
from tests.support.lambda_api import Service, serving

NAME = "contract-hook"
FUNCTION = """
def handler(question, context):
    if question["answer"] == "fail":
        raise ValueError("a bug in the hook")
    return question["answer"]
"""
ANSWERS: list[Any] = [
    {"allow": True},
    {"allow": False, "reason": "no 👋"},
    {},
    [1],
    "yes",
    7,
    None,
]

MakeHook = Callable[[Any], Hook]
"""A factory of hooks that return an answer. For the answer "fail" the hook fails."""


@pytest.fixture(params=["fake", "http", "aws"])
def make_hook(request: pytest.FixtureRequest) -> MakeHook:
    """The factory of each implementation."""
    maker: MakeHook = request.getfixturevalue(f"{request.param}_hook")
    return maker


@pytest.fixture
def fake_hook() -> MakeHook:
    """A factory of hooks in memory."""
    return lambda answer: FakeHook(None if answer == "fail" else json.dumps(answer).encode())


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with the credentials that the adapter reads."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    # A session keeps the first credentials that it finds.
    monkeypatch.setattr(aws_clients, "_session", get_session())
    return monkeypatch


@pytest.fixture
def http_hook(credentials: pytest.MonkeyPatch) -> Iterator[MakeHook]:
    """A factory of adapters, and a server that answers like the API of Lambda."""
    service = Service()

    def make(answer: Any) -> Hook:
        service.headers = {"X-Amz-Function-Error": "Unhandled"} if answer == "fail" else {}
        service.body = json.dumps(answer).encode()
        return LambdaHook(
            partial(aws_clients.lambda_client, InvocationDeadline(), seconds=10),
            function=NAME,
            seconds=10,
        )

    with serving(service) as url:
        credentials.setenv("AWS_ENDPOINT_URL", url)
        yield make


@pytest.fixture(scope="module")
def function(emulator_url: str) -> Iterator[str]:
    """The URL of the emulator with a function that returns the answer in its question."""
    create_function(emulator_url, NAME, source=FUNCTION)
    yield emulator_url
    client("lambda", emulator_url).delete_function(FunctionName=NAME)
    client("iam", emulator_url).delete_role(RoleName=NAME)


@pytest.fixture
def aws_hook(function: str, credentials: pytest.MonkeyPatch) -> MakeHook:
    """A factory of adapters that call the function on the emulator."""
    for name, value in {**known(function).environment, "AWS_ENDPOINT_URL": function}.items():
        credentials.setenv(name, value)
    hook = LambdaHook(
        partial(aws_clients.lambda_client, InvocationDeadline(), seconds=20),
        function=NAME,
        seconds=20,
    )
    return lambda answer: lambda _: hook(_question(answer))


def _question(answer: Any) -> bytes:
    return json.dumps({"answer": answer}).encode()


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_the_answer_is_returned_unchanged(make_hook: MakeHook, answer: Any) -> None:
    """A hook returns an answer of any JSON type unchanged. The caller validates it."""
    assert json.loads(make_hook(answer)(b"{}")) == answer


def test_a_failure_raises(make_hook: MakeHook) -> None:
    """A hook that fails raises `HookError`. The next question is answered."""
    with pytest.raises(HookError):
        make_hook("fail")(b"{}")

    assert json.loads(make_hook({"allow": True})(b"{}")) == {"allow": True}


def test_a_long_answer_is_truncated(make_hook: MakeHook) -> None:
    """An answer that is too long is truncated, and is no valid JSON.

    The next answer is complete.
    """
    long = make_hook({"allow": True, "text": "x" * 2 * MAX_ANSWER_BYTES})(b"{}")

    assert len(long) == MAX_ANSWER_BYTES
    assert json.loads(make_hook({"allow": True})(b"{}")) == {"allow": True}
