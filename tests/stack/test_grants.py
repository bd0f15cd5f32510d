"""What the function may do, and what carries a name of its own."""

import json
from collections.abc import Mapping
from typing import Any

from tests.stack.conftest import Synthesized

ACTIONS = {
    "ConnectionsTable": {"DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"},
    "RoomsTable": {"ConditionCheckItem", "GetItem", "PutItem", "Query", "UpdateItem"},
}
PHYSICAL_NAMES = {
    "FunctionName",
    "LogGroupName",
    "ManagedPolicyName",
    "RoleName",
    "TableName",
}


def test_grants_name_their_actions(each: Synthesized) -> None:
    """No action has a wildcard, and no resource is everything."""
    for statement in each.statements():
        assert not [action for action in _list(statement["Action"]) if "*" in action]
        for resource in _list(statement["Resource"]):
            text = json.dumps(resource)
            assert "*" not in text.replace("/POST/@connections/*", "")


def test_function_uses_each_table_as_it_needs(each: Synthesized) -> None:
    """The actions on a table are those that the code calls, on the table alone."""
    outputs = each.template.to_json()["Outputs"]
    for name, actions in ACTIONS.items():
        arn = {"Fn::GetAtt": [outputs[name]["Value"]["Ref"], "Arn"]}

        (granted,) = [s["Action"] for s in each.statements() if s["Resource"] == arn]

        assert set(granted) == {f"dynamodb:{action}" for action in actions}


def test_function_pushes_to_this_stage_only(each: Synthesized) -> None:
    """ManageConnections is for posting to the connections of this API's one stage."""
    (statement,) = [s for s in each.statements() if _is_for(s, "execute-api:")]

    (api,) = each.resources("AWS::ApiGatewayV2::Api")
    stage = each.only("AWS::ApiGatewayV2::Stage")["StageName"]
    assert statement["Action"] == "execute-api:ManageConnections"
    assert statement["Resource"]["Fn::Join"][1][-2:] == [
        {"Ref": api},
        f"/{stage}/POST/@connections/*",
    ]


def test_function_logs_to_its_own_group(each: Synthesized) -> None:
    """The role writes to the one log group of the stack, and has no managed policies."""
    (statement,) = [s for s in each.statements() if _is_for(s, "logs:")]

    (group,) = each.resources("AWS::Logs::LogGroup")
    assert statement["Resource"] == {"Fn::GetAtt": [group, "Arn"]}
    assert each.only("AWS::Lambda::Function")["LoggingConfig"] == {"LogGroup": {"Ref": group}}
    assert "ManagedPolicyArns" not in each.only("AWS::IAM::Role")


def test_logs_are_kept_as_long_as_told(stacks: Mapping[str, Synthesized]) -> None:
    """Retention is a setting of the environment, and needs no custom resource."""
    days = {
        name: stack.only("AWS::Logs::LogGroup")["RetentionInDays"] for name, stack in stacks.items()
    }

    assert days == {"Chat-local": 1, "Chat-dev": 7, "Chat-staging": 30, "Chat-prod": 365}


def test_nothing_has_a_physical_name(each: Synthesized) -> None:
    """Two copies can live in one account: CloudFormation makes up every name."""
    resources = each.template.to_json()["Resources"]

    named = {
        name
        for resource in resources.values()
        for name in PHYSICAL_NAMES & set(resource["Properties"])
        if resource["Type"] != "AWS::Lambda::Permission"  # its FunctionName is a reference
    }

    assert not named


def test_no_construct_is_called_default(each: Synthesized) -> None:
    """A construct named Default disappears from logical ids, and so from the reviewer's sight."""
    ids = [construct.node.id for construct in each.stack.node.find_all()]

    assert "Handler" in ids
    assert "Default" not in ids


def test_outputs_say_what_they_are(each: Synthesized) -> None:
    """The outputs are those that tools read, each with a description."""
    outputs = each.template.to_json()["Outputs"]

    assert set(outputs) == {"ConnectionsTable", "FunctionName", "RoomsTable", "WebSocketUrl"}
    assert all(output["Description"] for output in outputs.values())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_for(statement: Mapping[str, Any], service: str) -> bool:
    return any(action.startswith(service) for action in _list(statement["Action"]))
