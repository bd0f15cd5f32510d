"""Asynchronous calls of functions: by default, Lambda keeps and repeats them."""

from collections.abc import Mapping
from typing import Any

from tests.infrastructure.synthesis import Synthesized

CONFIG = "AWS::Lambda::EventInvokeConfig"


def test_no_failed_call_is_repeated(all_stacks: Mapping[str, Synthesized]) -> None:
    """Each function and alias has a setting: no attempt after the first, and a minute of waiting.

    Lambda's default is two more attempts, and six hours.
    """
    for stack in all_stacks.values():
        configured = {_called(it["Properties"]): it for it in stack.resources(CONFIG).values()}
        functions = stack.resources("AWS::Lambda::Function")
        own = {id_ for id_ in functions if not id_.startswith("Custom")}

        assert configured.keys() == own | stack.resources("AWS::Lambda::Alias").keys()
        for config in configured.values():
            assert config["Properties"]["MaximumRetryAttempts"] == 0
            assert config["Properties"]["MaximumEventAgeInSeconds"] == 60


def test_each_schedule_calls_a_configured_function(all_stacks: Mapping[str, Synthesized]) -> None:
    """EventBridge repeats no call either, if Lambda refuses to accept it."""
    for stack in all_stacks.values():
        for rule in stack.resources("AWS::Events::Rule").values():
            for target in rule["Properties"]["Targets"]:
                assert target["RetryPolicy"]["MaximumRetryAttempts"] == 0


def _called(config: Mapping[str, Any]) -> str:
    """Return the logical id of the function or alias that a setting is for."""
    match config["Qualifier"]:
        case "$LATEST":
            return str(config["FunctionName"]["Ref"])
        case {"Fn::Select": [_, {"Fn::Split": [":", {"Ref": str(alias)}]}]}:
            return alias
    raise TypeError(config)
