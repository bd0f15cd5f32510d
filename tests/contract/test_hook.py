"""Whatever asks a review hook: the fake, the adapter over HTTP, and a function on the emulator."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from chat.review.lambda_hook import MAX_ANSWER_BYTES, LambdaHook
from chat.review.review import Hook, HookError
from chat.runtime import aws_clients
from chat.runtime.deadlines import InvocationDeadline
from local.deploy import client
from tests.support.fakes.review import FakeHook
from tests.support.lambda_api import Service, serving

NAME = "contract-hook"
TRUST = {"Version": "2012-10-17", "Statement": []}
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
"""Makes a hook that gives that answer, or fails for "fail"."""


@pytest.fixture(params=["fake", "http", "emulator"])
def make_hook(request: pytest.FixtureRequest) -> MakeHook:
    """Each of those who ask."""
    maker: MakeHook = request.getfixturevalue(f"{request.param}_hook")
    return maker


@pytest.fixture
def fake_hook() -> MakeHook:
    """In memory."""
    return lambda answer: FakeHook(None if answer == "fail" else json.dumps(answer).encode())


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The adapter finds these in its environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return monkeypatch


@pytest.fixture
def http_hook(credentials: pytest.MonkeyPatch) -> Iterator[MakeHook]:
    """The adapter, and answers as Lambda's API would give them."""
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
    """A function on the emulator that answers what it is told to; the emulator's URL."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("hook.py", FUNCTION)
    functions, roles = client("lambda", emulator_url), client("iam", emulator_url)
    role = roles.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))
    functions.create_function(
        FunctionName=NAME,
        Runtime="python3.12",
        Role=role["Role"]["Arn"],
        Handler="hook.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=10,
    )
    yield emulator_url
    functions.delete_function(FunctionName=NAME)
    roles.delete_role(RoleName=NAME)


@pytest.fixture
def emulator_hook(function: str, credentials: pytest.MonkeyPatch) -> MakeHook:
    """The adapter, and a function that has been deployed."""
    credentials.setenv("AWS_ENDPOINT_URL", function)
    hook = LambdaHook(
        partial(aws_clients.lambda_client, InvocationDeadline(), seconds=20),
        function=NAME,
        seconds=20,
    )
    return lambda answer: lambda _: hook(_asked(answer))


def _asked(answer: Any) -> bytes:
    return json.dumps({"answer": answer}).encode()


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_the_answer_comes_as_it_is(make_hook: MakeHook, answer: Any) -> None:
    """Of whatever kind: what makes sense is for others to say."""
    assert json.loads(make_hook(answer)(b"{}")) == answer


def test_a_failure_is_no_answer(make_hook: MakeHook) -> None:
    """It raises `HookError`, and the next question is answered."""
    with pytest.raises(HookError):
        make_hook("fail")(b"{}")

    assert json.loads(make_hook({"allow": True})(b"{}")) == {"allow": True}


def test_no_more_is_read_than_there_can_be(make_hook: MakeHook) -> None:
    """The beginning of an answer that is too long, which is no JSON; the next one is whole."""
    long = make_hook({"allow": True, "text": "x" * 2 * MAX_ANSWER_BYTES})(b"{}")

    assert len(long) == MAX_ANSWER_BYTES
    assert json.loads(make_hook({"allow": True})(b"{}")) == {"allow": True}
