"""The closer: who has it called, what it may find, and what the chat needs to renew."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.infrastructure.synthesis import (
    CHAT,
    CLOSER,
    CONSUMER,
    WITHOUT_PAGE,
    Synthesized,
    synthesize,
)
from tests.support.issuer.issuer import NAME

OIDC = {"type": "oidc", "issuer": NAME, "audience": ["a"], "keysUrl": f"{NAME}/keys"}


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """The stack of dev, where people have tokens."""
    dev = {**WITHOUT_PAGE["dev"], "identity": OIDC, "connectionsPerUser": 3}
    folder: Path = tmp_path_factory.mktemp("signed-in")
    return synthesize(folder, environments={"dev": dev})["Chat-dev"]


@pytest.fixture
def guests(stacks: Mapping[str, Synthesized]) -> Synthesized:
    """The stack of the laptop, where people are guests."""
    return stacks["Chat-local"]


def variables(stack: Synthesized, handler: str) -> Mapping[str, Any]:
    """A function's environment."""
    found: Mapping[str, Any] = stack.function(handler)["Environment"]["Variables"]
    return found


def test_called_each_minute(signed_in: Synthesized) -> None:
    """By a schedule, which alone may call it; a call that failed is not repeated."""
    rule = signed_in.only("AWS::Events::Rule")
    (target,) = rule["Targets"]
    permissions = signed_in.resources("AWS::Lambda::Permission").values()
    (allowed,) = [
        p["Properties"] for p in permissions if p["Properties"]["FunctionName"] == target["Arn"]
    ]

    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 minute)", "ENABLED")
    assert target["RetryPolicy"]["MaximumRetryAttempts"] == 0
    assert allowed["Principal"] == "events.amazonaws.com"
    (rule_id,) = signed_in.resources("AWS::Events::Rule")
    assert allowed["SourceArn"] == {"Fn::GetAtt": [rule_id, "Arn"]}
    functions = signed_in.resources("AWS::Lambda::Function")
    assert functions[target["Arn"]["Fn::GetAtt"][0]]["Properties"]["Handler"] == CLOSER


def test_over_before_the_next(signed_in: Synthesized) -> None:
    """One run never meets the next."""
    assert signed_in.function(CLOSER)["Timeout"] < 60


def test_guests_have_no_rights_that_end(guests: Synthesized) -> None:
    """Nothing runs each minute; the closer is there for operators."""
    assert not guests.resources("AWS::Events::Rule")
    assert CLOSER in guests.functions()
    assert "ISSUER" not in variables(guests, CHAT)


def test_finds_what_has_ended(each: Synthesized) -> None:
    """Only the closer may query the index, and nothing else of it."""
    table = each.template.to_json()["Outputs"]["ConnectionsTable"]["Value"]["Ref"]
    index = {"Fn::Join": ["", [{"Fn::GetAtt": [table, "Arn"]}, "/index/Ending"]]}

    for handler in (CHAT, CONSUMER, CLOSER):
        granted = [s["Action"] for s in each.statements(handler) if s["Resource"] == index]
        assert granted == (["dynamodb:Query"] if handler == CLOSER else [])


def test_the_chat_knows_whom_the_door_trusts(signed_in: Synthesized) -> None:
    """A token that renews is verified by what the authorizer is told; others are not told."""
    door = variables(signed_in, "chat.authorizer.handler")

    for name in ("ISSUER", "AUDIENCE", "KEYS_URL", "ALGORITHMS", "TOKEN_USE", "USER_CLAIM"):
        assert variables(signed_in, CHAT)[name] == door[name]
        assert name not in variables(signed_in, CLOSER)
    assert variables(signed_in, CHAT)["CONNECTIONS_PER_USER"] == "3"
