"""The review hook: one permission and three variables. Without a hook, there are none."""

from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from chat_stack.errors import ConfigError
from chat_stack.settings.load import read_environments
from chat_stack.settings.settings import Settings
from chat_stack.stack import ChatStack
from tests.infrastructure.synthesis import CHAT, CONSUMER, Synthesized, synthesize

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:moderate"
VARIABLES = {"REVIEW_FUNCTION", "REVIEW_TIMEOUT_MS", "REVIEW_FAILURE"}


def test_off_leaves_no_trace(each_environment: Synthesized) -> None:
    """Without a hook, no function may call another function or has the hook's variables."""
    for handler, function in each_environment.functions().items():
        assert not VARIABLES & set(function["Environment"]["Variables"])
        assert not invoking(each_environment, handler)


def invoking(stack: Synthesized, handler: str) -> list[Any]:
    """Return the functions that a function may call."""
    return [s["Resource"] for s in stack.statements(handler) if "lambda:" in str(s["Action"])]


def test_by_setting(tmp_path: Path) -> None:
    """Only the chat's function may call the hook, and only it has the hook's variables."""
    settings = f'{{"reviewFunction": "{ARN}", "reviewTimeoutMs": 700, "reviewFailure": "open"}}'

    local = synthesize(tmp_path / "cdk.out", settings=settings)["Chat-local"]

    variables = local.function(CHAT)["Environment"]["Variables"]
    assert {name: variables[name] for name in VARIABLES} == {
        "REVIEW_FUNCTION": ARN,
        "REVIEW_TIMEOUT_MS": "700",
        "REVIEW_FAILURE": "open",
    }
    assert invoking(local, CHAT) == [ARN]
    assert invoking(local, CONSUMER) == []
    assert not VARIABLES & set(local.function(CONSUMER)["Environment"]["Variables"])


def test_by_construct(tmp_path: Path) -> None:
    """The argument `review` overrides the setting `reviewFunction`."""
    app = App(outdir=str(tmp_path), context={"aws:cdk:bundling-stacks": []})
    theirs = Stack(app, "Theirs")
    own = lambda_.Function.from_function_arn(theirs, "Own", ARN.replace("moderate", "own"))

    stack = ChatStack(
        app,
        "Chat",
        settings=Settings(stage_name="test", guests_allowed=True, review_function=ARN),
        review=own,
    )

    functions = Template.from_stack(stack).find_resources("AWS::Lambda::Function").values()
    variables = [it["Properties"]["Environment"]["Variables"] for it in functions]
    hooks = [it["REVIEW_FUNCTION"] for it in variables if "REVIEW_FUNCTION" in it]
    assert hooks == [ARN.replace("moderate", "own")]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reviewFunction", "moderate"),
        ("reviewFunction", ARN + "/*"),
        ("reviewFunction", "arn:aws:lambda:eu-central-1:123456789012:function:*"),
        ("reviewTimeoutMs", 99),
        ("reviewTimeoutMs", 3_001),
        ("reviewFailure", "ajar"),
        ("connectionMessageRate", -1),
        ("userMessageBurst", 0),
    ],
)
def test_refuses(key: str, value: object) -> None:
    """A hook that is not one ARN, or a number outside its bounds, is an error."""
    with pytest.raises(ConfigError, match=rf"^cdk\.json: environments\.dev\.{key}: expected "):
        read_environments({"dev": {key: value, "guestsAllowed": True}})
