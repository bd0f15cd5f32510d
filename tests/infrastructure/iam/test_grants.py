"""The permissions of each function, and the resources that have a physical name."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infrastructure.synthesis import CHAT, CLOSER, CONSUMER, Synthesized

LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
READS_AND_DELETES = {"DeleteItem", "GetItem", "Query", "UpdateItem"}
TRACES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
"""Actions that IAM cannot restrict to a resource, because X-Ray has none."""
ACTIONS = {
    CHAT: {
        "ConnectionsTable": {*READS_AND_DELETES, "ConditionCheckItem", "PutItem"},
        "RoomsTable": {
            "BatchGetItem",
            "BatchWriteItem",
            "ConditionCheckItem",
            "DeleteItem",
            "GetItem",
            "PutItem",
            "Query",
            "UpdateItem",
        },
    },
    CONSUMER: {"ConnectionsTable": READS_AND_DELETES, "RoomsTable": set()},
    CLOSER: {"ConnectionsTable": READS_AND_DELETES, "RoomsTable": set()},
}
CONSUMES = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
QUEUES = {
    CHAT: {"sqs:SendMessage"},
    CONSUMER: {"sqs:SendMessage", *CONSUMES},
    CLOSER: {"sqs:SendMessage"},
}
METHODS = {CHAT: {"POST", "DELETE"}, CONSUMER: {"POST"}, CLOSER: {"POST", "DELETE"}}
"""The methods that each function may call on connections: POST pushes and DELETE closes."""

PHYSICAL_NAMES = {
    "FunctionName",
    "LogGroupName",
    "ManagedPolicyName",
    "QueueName",
    "RoleName",
    "TableName",
}
REFERENCES = {
    f"AWS::Lambda::{name}" for name in ("EventInvokeConfig", "EventSourceMapping", "Permission")
}
"""Types whose `FunctionName` refers to another resource."""

functions = pytest.mark.parametrize("handler", ACTIONS)


def test_grants_name_their_actions(each_environment: Synthesized) -> None:
    """No action has a wildcard, and no statement is for all resources."""
    for handler in each_environment.functions():
        for statement in each_environment.statements(handler):
            assert not [action for action in _list(statement["Action"]) if "*" in action]
            if set(_list(statement["Action"])) == TRACES:
                continue
            for resource in _list(statement["Resource"]):
                text = json.dumps(resource)
                for method in ("POST", "DELETE"):
                    text = text.replace(f"/{method}/@connections/*", "")
                assert "*" not in text


@functions
def test_functions_use_each_table_as_they_need(each_environment: Synthesized, handler: str) -> None:
    """A function has exactly the actions on a table that its code calls."""
    outputs = each_environment.template.to_json()["Outputs"]
    for name, actions in ACTIONS[handler].items():
        arn = {"Fn::GetAtt": [outputs[name]["Value"]["Ref"], "Arn"]}

        granted = _granted(each_environment, handler, arn)

        assert granted == {f"dynamodb:{action}" for action in actions}


@functions
def test_functions_use_the_queue_as_they_need(each_environment: Synthesized, handler: str) -> None:
    """The chat sends. The consumer receives, and sends if many subscribers need a leave event."""
    queue = next(
        id_ for id_ in each_environment.resources("AWS::SQS::Queue") if "DeadLetters" not in id_
    )

    assert _granted(each_environment, handler, {"Fn::GetAtt": [queue, "Arn"]}) == QUEUES[handler]


@functions
def test_functions_push_to_this_stage_only(each_environment: Synthesized, handler: str) -> None:
    """ManageConnections names this API, its one stage, and each method."""
    statements = [s for s in each_environment.statements(handler) if _is_for(s, "execute-api:")]

    (api,) = each_environment.resources("AWS::ApiGatewayV2::Api")
    stage = each_environment.only("AWS::ApiGatewayV2::Stage")["StageName"]
    assert {s["Action"] for s in statements} == {"execute-api:ManageConnections"}
    ends = [r["Fn::Join"][1][-2:] for s in statements for r in _list(s["Resource"])]
    assert all(end[0] == {"Ref": api} for end in ends)
    assert {end[1] for end in ends} == {
        f"/{stage}/{method}/@connections/*" for method in METHODS[handler]
    }


@functions
def test_functions_log_to_their_own_group(each_environment: Synthesized, handler: str) -> None:
    """A role may write to the log group of its function, and has no managed policies."""
    group = each_environment.function(handler)["LoggingConfig"]["LogGroup"]["Ref"]

    assert _granted(each_environment, handler, {"Fn::GetAtt": [group, "Arn"]}) == LOGS
    assert group in each_environment.resources("AWS::Logs::LogGroup")
    role = each_environment.function(handler)["Role"]["Fn::GetAtt"][0]
    assert (
        "ManagedPolicyArns" not in each_environment.resources("AWS::IAM::Role")[role]["Properties"]
    )


@functions
def test_functions_may_do_nothing_else(each_environment: Synthesized, handler: str) -> None:
    """A function has no action but those that the tests above name."""
    granted = {a for s in each_environment.statements(handler) for a in _list(s["Action"])}

    of_tables = {f"dynamodb:{action}" for table in ACTIONS[handler].values() for action in table}
    used = of_tables | LOGS | QUEUES[handler] | {"execute-api:ManageConnections"}
    assert granted - TRACES == used


def test_logs_have_the_configured_retention(stacks: Mapping[str, Synthesized]) -> None:
    """Every log group of a stack has the retention that the environment sets, in days."""
    days = {
        name: {
            group["Properties"]["RetentionInDays"]
            for group in stack.resources("AWS::Logs::LogGroup").values()
        }
        for name, stack in stacks.items()
    }

    assert days == {"Chat-local": {1}, "Chat-dev": {7}, "Chat-staging": {30}, "Chat-prod": {365}}


def test_nothing_has_a_physical_name(each_environment: Synthesized) -> None:
    """CloudFormation generates every name, so that one account can have two copies."""
    resources = each_environment.template.to_json()["Resources"]

    named = {
        name
        for id_, resource in resources.items()
        if "GatewayLogsExecution" not in id_  # its name contains the id of the API
        for name in PHYSICAL_NAMES & set(resource.get("Properties", ()))
        if resource["Type"] not in REFERENCES
    }

    assert not named


def test_no_construct_is_called_default(each_environment: Synthesized) -> None:
    """No construct is named Default. The CDK omits that name from logical ids."""
    ids = [construct.node.id for construct in each_environment.stack.node.find_all()]

    assert "Handler" in ids
    assert "Default" not in ids


def test_outputs_say_what_they_are(each_environment: Synthesized) -> None:
    """The outputs are exactly those that tools read, and each has a description."""
    outputs = each_environment.template.to_json()["Outputs"]

    of_alarms = {"AlarmTopic"} if each_environment.resources("AWS::SNS::Topic") else set()
    of_pool = set() if each_environment.has_guests else {"UserPoolId", "UserPoolClientId"}
    expected = {
        "CloserName",
        "ConnectionsTable",
        "FunctionName",
        "RoomsTable",
        "WebSocketUrl",
    } | of_pool
    assert set(outputs) == expected | of_alarms
    assert all(output["Description"] for output in outputs.values())


def _granted(stack: Synthesized, handler: str, arn: Mapping[str, Any]) -> set[str]:
    """Return the actions that a function may call on one resource."""
    return {
        action
        for statement in stack.statements(handler)
        if statement["Resource"] == arn
        for action in _list(statement["Action"])
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_for(statement: Mapping[str, Any], service: str) -> bool:
    return any(action.startswith(service) for action in _list(statement["Action"]))
