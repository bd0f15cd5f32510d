"""What is written about requests, by whom, and what is not."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infrastructure.synthesis import AUTHORIZER, CONTEXT, Synthesized, synthesize

ON_AWS = ("dev", "staging", "prod")
SECRETIVE = ("body", "querystring", "path", "header", "input", "authorizer.principalId")
"""What a context variable's name has in it that holds what people sent, or who they are."""


@pytest.fixture(params=ON_AWS)
def deployed(request: pytest.FixtureRequest, stacks: Mapping[str, Synthesized]) -> Synthesized:
    """Each environment on AWS in turn."""
    return stacks[f"Chat-{request.param}"]


def stage_of(stack: Synthesized) -> Mapping[str, Any]:
    return stack.only("AWS::ApiGatewayV2::Stage")


def access_format(stack: Synthesized) -> dict[str, str]:
    found: dict[str, str] = json.loads(stage_of(stack)["AccessLogSettings"]["Format"])
    return found


def groups(stack: Synthesized, kind: str) -> dict[str, Mapping[str, Any]]:
    found = stack.resources("AWS::Logs::LogGroup")
    return {id_: it["Properties"] for id_, it in found.items() if f"GatewayLogs{kind}" in id_}


def prod_with(tmp_path: Any, **settings: Any) -> Synthesized:
    """Production, with other settings."""
    environments = {"prod": {**CONTEXT["environments"]["prod"], "webHosting": False, **settings}}
    return synthesize(tmp_path, environments=environments)["Chat-prod"]


def test_each_request_is_an_access_log_line(deployed: Synthesized) -> None:
    """JSON with the ids that the function's lines have, and how long the function took."""
    fields = access_format(deployed)

    for name in ("requestId", "connectionId", "routeKey", "status", "integrationLatency"):
        assert f"$context.{name}" in fields.values()
    assert {"requestId", "connectionId"} <= set(fields)
    (group,) = groups(deployed, "Access")
    arn = stage_of(deployed)["AccessLogSettings"]["DestinationArn"]
    assert {"Ref": group} in arn["Fn::Join"][1]


def test_access_logs_hold_nothing_that_people_sent(deployed: Synthesized) -> None:
    """A URL may carry a token or a guest's key; an address is about a person."""
    fields = access_format(deployed)

    assert all(value.startswith("$context.") for value in fields.values())
    text = json.dumps(fields).lower()
    assert not [word for word in (*SECRETIVE, "sourceIp") if word.lower() in text]


def test_addresses_are_a_choice(tmp_path: Any) -> None:
    """Who has to find abusers may log where they come from."""
    stack = prod_with(tmp_path, logIpAddresses=True)

    assert access_format(stack)["ip"] == "$context.identity.sourceIp"


def test_execution_logs_trace_no_data(deployed: Synthesized) -> None:
    """API Gateway logs its troubles, and never the frames."""
    settings = stage_of(deployed)["DefaultRouteSettings"]

    assert (settings["LoggingLevel"], settings["DataTraceEnabled"]) == ("ERROR", False)


def test_execution_logs_end_with_the_retention(deployed: Synthesized) -> None:
    """The group that API Gateway would make, and keep for ever, is there before the stage."""
    ((id_, group),) = groups(deployed, "Execution").items()
    (stage,) = deployed.resources("AWS::ApiGatewayV2::Stage").values()
    (api,) = deployed.resources("AWS::ApiGatewayV2::Api")

    name = stage["Properties"]["StageName"]
    assert group["LogGroupName"] == {
        "Fn::Join": ["", ["/aws/apigateway/", {"Ref": api}, f"/{name}"]]
    }
    assert group["RetentionInDays"]
    assert id_ in stage["DependsOn"]


def test_the_account_has_a_role_before_the_stage_logs(deployed: Synthesized) -> None:
    """Without it API Gateway refuses the stage; it stays, for other stacks log by it too."""
    ((id_, account),) = deployed.resources("AWS::ApiGateway::Account").items()
    (stage,) = deployed.resources("AWS::ApiGatewayV2::Stage").values()
    role_id = account["Properties"]["CloudWatchRoleArn"]["Fn::GetAtt"][0]
    role = deployed.resources("AWS::IAM::Role")[role_id]

    assert id_ in stage["DependsOn"]
    assert account["DeletionPolicy"] == role["DeletionPolicy"] == "Retain"
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
    (policy,) = role["Properties"]["ManagedPolicyArns"]
    assert "AmazonAPIGatewayPushToCloudWatchLogs" in json.dumps(policy)


def test_an_account_that_has_a_role_keeps_it(tmp_path: Any) -> None:
    """The role is once for an account and region; who has one leaves it alone."""
    stack = prod_with(tmp_path, gatewayLogsRole=False)

    assert not stack.resources("AWS::ApiGateway::Account")
    assert "AccessLogSettings" in stage_of(stack)


def test_logs_can_be_off(tmp_path: Any) -> None:
    """Who wants none of it has none of it."""
    stack = prod_with(tmp_path, accessLogs=False, executionLogs="off", tracing=False)

    assert "AccessLogSettings" not in stage_of(stack)
    assert "LoggingLevel" not in stage_of(stack)["DefaultRouteSettings"]
    assert not groups(stack, "")
    assert all("TracingConfig" not in function for function in stack.functions().values())


def test_functions_are_traced(deployed: Synthesized) -> None:
    """X-Ray samples the invocations of every function but the door, which may only log."""
    for handler, function in deployed.functions().items():
        if handler == AUTHORIZER:
            continue
        assert function["TracingConfig"] == {"Mode": "Active"}
        actions = [action for s in deployed.statements(handler) for action in s["Action"]]
        assert "xray:PutTraceSegments" in actions


def test_metrics_are_the_stacks_own(deployed: Synthesized) -> None:
    """Two environments in one account do not add up."""
    for function in deployed.functions().values():
        space = function["Environment"]["Variables"]["METRICS_NAMESPACE"]
        assert space == f"LiveChat/{deployed.stack.stack_name}"
