"""The closer: its callers and its index, and the chat's variables to renew tokens."""

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
    """Return the stack of dev, with users who have tokens."""
    dev = {**WITHOUT_PAGE["dev"], "identity": OIDC, "connectionsPerUser": 3}
    folder: Path = tmp_path_factory.mktemp("signed-in")
    return synthesize(folder, environments={"dev": dev})["Chat-dev"]


@pytest.fixture
def guests(stacks: Mapping[str, Synthesized]) -> Synthesized:
    """Return the stack of local, with users who are guests."""
    return stacks["Chat-local"]


def variables(stack: Synthesized, handler: str) -> Mapping[str, Any]:
    """Return the environment variables of a function."""
    found: Mapping[str, Any] = stack.function(handler)["Environment"]["Variables"]
    return found


def test_called_each_minute(signed_in: Synthesized) -> None:
    """Only a schedule may call the closer, and it does not repeat a failed call."""
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


def test_a_run_ends_before_the_next(signed_in: Synthesized) -> None:
    """The closer's timeout is below the 60 seconds between two runs."""
    assert signed_in.function(CLOSER)["Timeout"] < 60


def test_a_chat_of_guests_has_no_schedule(guests: Synthesized) -> None:
    """Guests have no tokens that expire. The closer remains, for operators."""
    assert not guests.resources("AWS::Events::Rule")
    assert CLOSER in guests.functions()
    assert "ISSUER" not in variables(guests, CHAT)


def test_finds_expired_connections(each_environment: Synthesized) -> None:
    """Only the closer may query the index, and no function has another action on it."""
    table = each_environment.template.to_json()["Outputs"]["ConnectionsTable"]["Value"]["Ref"]
    index = {"Fn::Join": ["", [{"Fn::GetAtt": [table, "Arn"]}, "/index/Ending"]]}

    for handler in (CHAT, CONSUMER, CLOSER):
        granted = [
            s["Action"] for s in each_environment.statements(handler) if s["Resource"] == index
        ]
        assert granted == (["dynamodb:Query"] if handler == CLOSER else [])


def test_the_chat_trusts_the_same_issuer_as_the_authorizer(signed_in: Synthesized) -> None:
    """The chat verifies renewed tokens with the authorizer's variables. The closer has none."""
    authorizer = variables(signed_in, "chat.authorizer.handler")

    for name in ("ISSUER", "AUDIENCE", "KEYS_URL", "ALGORITHMS", "TOKEN_USE", "USER_CLAIM"):
        assert variables(signed_in, CHAT)[name] == authorizer[name]
        assert name not in variables(signed_in, CLOSER)
    assert variables(signed_in, CHAT)["CONNECTIONS_PER_USER"] == "3"
