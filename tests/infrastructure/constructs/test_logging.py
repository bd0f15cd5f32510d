"""Logs, traces and metrics of requests, and the data that they must not contain."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infrastructure.synthesis import AUTHORIZER, CONTEXT, Synthesized, synthesize

ON_AWS = ("dev", "staging", "prod")
SECRETIVE = ("body", "querystring", "path", "header", "input", "authorizer.principalId")
"""Parts of the names of context variables that hold user data."""


@pytest.fixture(params=ON_AWS)
def deployed(request: pytest.FixtureRequest, stacks: Mapping[str, Synthesized]) -> Synthesized:
    """Return the stack of each environment on AWS in turn."""
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
    """Return the stack of production, with other *settings*."""
    environments = {"prod": {**CONTEXT["environments"]["prod"], "webHosting": False, **settings}}
    return synthesize(tmp_path, environments=environments)["Chat-prod"]


def test_each_request_is_an_access_log_line(deployed: Synthesized) -> None:
    """The line is JSON with the ids of the function's lines and the function's duration."""
    fields = access_format(deployed)

    for name in ("requestId", "connectionId", "routeKey", "status", "integrationLatency"):
        assert f"$context.{name}" in fields.values()
    assert {"requestId", "connectionId"} <= set(fields)
    (group,) = groups(deployed, "Access")
    arn = stage_of(deployed)["AccessLogSettings"]["DestinationArn"]
    assert {"Ref": group} in arn["Fn::Join"][1]


def test_access_logs_hold_no_user_data(deployed: Synthesized) -> None:
    """A URL may contain a token or a guest's key. An IP address identifies a person."""
    fields = access_format(deployed)

    assert all(value.startswith("$context.") for value in fields.values())
    text = json.dumps(fields).lower()
    assert not [word for word in (*SECRETIVE, "sourceIp") if word.lower() in text]


def test_addresses_are_a_choice(tmp_path: Any) -> None:
    """With `logIpAddresses`, the access log has the client's IP address."""
    stack = prod_with(tmp_path, logIpAddresses=True)

    assert access_format(stack)["ip"] == "$context.identity.sourceIp"


def test_execution_logs_trace_no_data(deployed: Synthesized) -> None:
    """API Gateway logs its errors, and never the frames."""
    settings = stage_of(deployed)["DefaultRouteSettings"]

    assert (settings["LoggingLevel"], settings["DataTraceEnabled"]) == ("ERROR", False)


def test_execution_logs_have_a_retention(deployed: Synthesized) -> None:
    """The stack creates the log group before the stage.

    Otherwise API Gateway would create the group, without a retention.
    """
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
    """The stage depends on the account's role, without which API Gateway rejects the stage.

    The role is retained, because other stacks also log with it.
    """
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
    """With `gatewayLogsRole` off, the stack does not set the role of the account."""
    stack = prod_with(tmp_path, gatewayLogsRole=False)

    assert not stack.resources("AWS::ApiGateway::Account")
    assert "AccessLogSettings" in stage_of(stack)


def test_logs_can_be_off(tmp_path: Any) -> None:
    """Access logs, execution logs and tracing can be switched off."""
    stack = prod_with(tmp_path, accessLogs=False, executionLogs="off", tracing=False)

    assert "AccessLogSettings" not in stage_of(stack)
    assert "LoggingLevel" not in stage_of(stack)["DefaultRouteSettings"]
    assert not groups(stack, "")
    assert all("TracingConfig" not in function for function in stack.functions().values())


def test_functions_are_traced(deployed: Synthesized) -> None:
    """X-Ray traces every function except the authorizer, which may only log."""
    for handler, function in deployed.functions().items():
        if handler == AUTHORIZER:
            continue
        assert function["TracingConfig"] == {"Mode": "Active"}
        actions = [action for s in deployed.statements(handler) for action in s["Action"]]
        assert "xray:PutTraceSegments" in actions


def test_metrics_are_the_stacks_own(deployed: Synthesized) -> None:
    """Each stack has its own namespace, so that two environments have separate metrics."""
    for function in deployed.functions().values():
        space = function["Environment"]["Variables"]["METRICS_NAMESPACE"]
        assert space == f"LiveChat/{deployed.stack.stack_name}"
