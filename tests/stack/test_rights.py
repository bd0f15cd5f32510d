"""The rights that `tests/grants` takes away one by one are those of every environment."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stack.conftest import Synthesized, synthesize

AUTHORIZER = "chat.authorizer.handler"
TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
"""Lambda's own doing, which no emulator asks for; X-Ray has no resources to narrow them to."""


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """The stack that the emulator has in those tests."""
    folder = tmp_path_factory.mktemp("proven") / "cdk.out"
    return synthesize(folder, identity="cognito")["Chat-local"]


def test_no_environment_grants_more(each: Synthesized, proven: Synthesized) -> None:
    """Who may do what to what is never more than what is proven to be needed."""
    rights = {right for right in _rights(each) if not TRACES & set(right)}

    assert len(rights) > 20
    assert rights <= set(_rights(proven))


def test_rights_are_where_they_are_looked_for(each: Synthesized, proven: Synthesized) -> None:
    """Nothing is granted by a policy that could have other users, or within a role."""
    for stack in (each, proven):
        assert not stack.resources("AWS::IAM::ManagedPolicy")
        for id_, role in stack.resources("AWS::IAM::Role").items():
            if not id_.startswith("GatewayAccount"):  # which is the account's, not the chat's
                assert not {"ManagedPolicyArns", "Policies"} & set(role["Properties"])


@pytest.mark.parametrize("name", ["proven", "prod", "every"])
def test_the_authorizer_may_only_log(name: str, request: pytest.FixtureRequest) -> None:
    """It reads strangers' tokens, so it has a role of its own, for its own log group alone.

    Also where the others are traced, which would be a right on everything.
    """
    stack: Synthesized = request.getfixturevalue(name)
    (statement,) = stack.statements(AUTHORIZER)
    authorizer = stack.function(AUTHORIZER)

    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    group = authorizer["LoggingConfig"]["LogGroup"]["Ref"]
    assert statement["Resource"] == {"Fn::GetAtt": [group, "Arn"]}
    assert "TracingConfig" not in authorizer
    others = [it for handler, it in stack.functions().items() if handler != AUTHORIZER]
    assert authorizer["Role"] not in [other["Role"] for other in others]


def _rights(stack: Synthesized) -> Iterator[tuple[str, ...]]:
    """Who, what and on what; the name of the stage apart, which differs."""
    stage = stack.only("AWS::ApiGatewayV2::Stage")["StageName"]

    def text(value: Any) -> str:
        return json.dumps(value, sort_keys=True).replace(f"/{stage}/", "/stage/")

    for policy in stack.resources("AWS::IAM::Policy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            for role in policy["Properties"]["Roles"]:
                for action in _list(statement["Action"]):
                    for resource in _list(statement["Resource"]):
                        yield text(role), action, text(resource)
    for permission in stack.resources("AWS::Lambda::Permission").values():
        yield tuple(text(value) for _, value in sorted(permission["Properties"].items()))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
