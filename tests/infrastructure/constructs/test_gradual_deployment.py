"""Gradual deployment: CodeDeploy shifts calls to a new version in steps."""

import json
from collections.abc import Mapping
from typing import Any, get_args

import pytest
from aws_cdk import aws_codedeploy as codedeploy

from chat_stack.settings.types import TrafficShift
from tests.infrastructure.synthesis import AUTHORIZER, CHAT, CLOSER, CONSUMER, Synthesized

HANDLERS = (CHAT, CONSUMER, CLOSER, AUTHORIZER)
CONFIGS = codedeploy.LambdaDeploymentConfig
NAMED = {
    "allAtOnce": CONFIGS.ALL_AT_ONCE,
    "canary10Percent5Minutes": CONFIGS.CANARY_10_PERCENT_5_MINUTES,
    "canary10Percent10Minutes": CONFIGS.CANARY_10_PERCENT_10_MINUTES,
    "canary10Percent15Minutes": CONFIGS.CANARY_10_PERCENT_15_MINUTES,
    "canary10Percent30Minutes": CONFIGS.CANARY_10_PERCENT_30_MINUTES,
    "linear10PercentEvery1Minute": CONFIGS.LINEAR_10_PERCENT_EVERY_1_MINUTE,
    "linear10PercentEvery2Minutes": CONFIGS.LINEAR_10_PERCENT_EVERY_2_MINUTES,
    "linear10PercentEvery3Minutes": CONFIGS.LINEAR_10_PERCENT_EVERY_3_MINUTES,
    "linear10PercentEvery10Minutes": CONFIGS.LINEAR_10_PERCENT_EVERY_10_MINUTES,
}
"""The setting's values, and the CDK's names for them."""


def test_no_environment_has_it_by_default(
    stacks: Mapping[str, Synthesized],
) -> None:
    """By default, a deployment replaces the function at once."""
    for stack in stacks.values():
        assert not stack.resources("AWS::CodeDeploy::DeploymentGroup")
        assert not stack.resources("AWS::Lambda::Alias")


def test_values_are_those_of_codedeploy() -> None:
    """Each value except `off` is the name of a configuration of CodeDeploy."""
    assert {"off", *NAMED} == set(get_args(TrafficShift))
    for value, config in NAMED.items():
        assert config.deployment_config_name == _config(value)


def test_every_function_is_shifted(all_options: Synthesized) -> None:
    """Each function has an alias of a published version and its own deployment group."""
    groups = all_options.resources("AWS::CodeDeploy::DeploymentGroup")
    aliases = all_options.resources("AWS::Lambda::Alias")

    assert len(aliases) == len(groups) == len(HANDLERS)
    by_function = {it["Properties"]["FunctionName"]["Ref"]: it for it in aliases.values()}
    used = set()
    for handler in HANDLERS:
        alias = by_function[_id(all_options, handler)]
        update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        used.add(update["DeploymentGroupName"]["Ref"])
        version = alias["Properties"]["FunctionVersion"]["Fn::GetAtt"][0]
        of_version = all_options.resources("AWS::Lambda::Version")[version]["Properties"]
        assert of_version["FunctionName"] == {"Ref": _id(all_options, handler)}
    assert used == set(groups)


@pytest.mark.parametrize(
    ("name", "shift"),
    [
        ("all_options", "linear10PercentEvery1Minute"),
        ("all_options_variant", "canary10Percent5Minutes"),
    ],
)
def test_groups_shift_as_configured_and_roll_back_on_an_alarm(
    name: str, shift: str, request: pytest.FixtureRequest
) -> None:
    """Each group rolls back on a crash of any function, and on an internal error.

    The authorizer counts its own faults.
    Lambda counts each refused token as an error, and every client can send such tokens.
    """
    stack: Synthesized = request.getfixturevalue(name)
    functions = [it for it in HANDLERS if it in stack.functions()]
    alarms = stack.resources("AWS::CloudWatch::Alarm")

    for group in stack.resources("AWS::CodeDeploy::DeploymentGroup").values():
        properties = group["Properties"]
        assert properties["DeploymentConfigName"] == _config(shift)
        back = properties["AutoRollbackConfiguration"]
        assert back["Enabled"] is True
        assert {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"} <= set(back["Events"])
        watched = [
            alarms[it["Name"]["Ref"]]["Properties"]
            for it in properties["AlarmConfiguration"]["Alarms"]
        ]
        crashes = {_id(stack, handler) for handler in functions if handler != AUTHORIZER}
        faults = {"AuthorizerFaults"} if AUTHORIZER in functions else set()
        assert {_of(it) for it in watched} == {*crashes, *faults, "internal"}
        assert all(it["Threshold"] == 0 for it in watched)


def test_crashes_are_those_of_the_alias(all_options: Synthesized) -> None:
    """The alarms on crashes count the errors of the alias."""
    for alarm in all_options.resources("AWS::CloudWatch::Alarm").values():
        properties = alarm["Properties"]
        resource = [it for it in properties.get("Dimensions", ()) if it["Name"] == "Resource"]
        if "#rollback" in properties["AlarmDescription"] and resource:
            assert resource[0]["Value"]["Fn::Join"][1][-1] == ":live"


def test_no_alarm_counts_what_a_stranger_can_cause(
    all_stacks: Mapping[str, Synthesized],
) -> None:
    """No alarm counts Lambda's errors of the authorizer, which each refused token raises."""
    for stack in all_stacks.values():
        if stack.has_guests:
            continue
        authorizer = _id(stack, AUTHORIZER)
        for id_, alarm in stack.resources("AWS::CloudWatch::Alarm").items():
            for metric in _metrics(alarm["Properties"]):
                counted = json.dumps(metric.get("Dimensions", []))
                assert metric["MetricName"] != "Errors" or authorizer not in counted, id_


def test_callers_call_the_aliases(all_options: Synthesized) -> None:
    """Routes, authorizer, schedule and queue call the alias, and never the function directly."""
    permissions = all_options.resources("AWS::Lambda::Permission")
    called = {
        it["Properties"]["FunctionName"].get("Ref")
        for id_, it in permissions.items()
        if "Canary" not in id_  # the canary calls the chat from outside
    }

    assert called == {_alias_of(all_options, handler) for handler in (CHAT, CLOSER, AUTHORIZER)}
    assert _alias_of(all_options, CHAT) in json.dumps(
        all_options.only("AWS::ApiGatewayV2::Integration")
    )
    assert _alias_of(all_options, AUTHORIZER) in json.dumps(
        all_options.only("AWS::ApiGatewayV2::Authorizer")
    )
    (target,) = all_options.within("AWS::Events::Rule", "EachMinute")["Targets"]
    assert target["Arn"] == {"Ref": _alias_of(all_options, CLOSER)}
    mapping = all_options.only("AWS::Lambda::EventSourceMapping")["FunctionName"]
    assert _alias_of(all_options, CONSUMER) in json.dumps(mapping)
    assert mapping["Fn::Join"][1][-1] == ":live"


def test_operators_call_the_alias(all_options: Synthesized) -> None:
    """The output `CloserName`, which `make ban-user` reads, names the alias."""
    closer = all_options.template.to_json()["Outputs"]["CloserName"]["Value"]

    assert _alias_of(all_options, CLOSER) in json.dumps(closer)
    assert closer["Fn::Join"][1][-1] == ":live"


def test_works_together_with_snapshots(
    all_options: Synthesized, all_options_variant: Synthesized
) -> None:
    """With `snapStart`, only the chat's function has snapshots."""
    snapped = {h for h, it in all_options.functions().items() if "SnapStart" in it}

    assert snapped == {CHAT}
    assert not [it for it in all_options_variant.functions().values() if "SnapStart" in it]


def _config(shift: str) -> str:
    return f"CodeDeployDefault.Lambda{shift[0].upper()}{shift[1:]}"


def _metrics(alarm: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the metrics that an alarm reads."""
    if "MetricName" in alarm:
        return [alarm]
    return [it["MetricStat"]["Metric"] for it in alarm["Metrics"] if "MetricStat" in it]


def _of(alarm: Mapping[str, Any]) -> str:
    """Return the function or the error code that an alarm counts, or the authorizer's faults."""
    metric = alarm["Metrics"][0]["MetricStat"]["Metric"] if "Metrics" in alarm else alarm
    if metric["MetricName"] == "AuthorizerFaults":
        return "AuthorizerFaults"
    assert metric["MetricName"] == "Errors"
    dimensions = {it["Name"]: it["Value"] for it in metric["Dimensions"]}
    return str(dimensions.get("Code") or dimensions["FunctionName"]["Ref"])


def _id(stack: Synthesized, handler: str) -> str:
    functions = stack.resources("AWS::Lambda::Function")
    (id_,) = (id_ for id_, it in functions.items() if it["Properties"]["Handler"] == handler)
    return id_


def _alias_of(stack: Synthesized, handler: str) -> str:
    aliases = stack.resources("AWS::Lambda::Alias")
    function = {"Ref": _id(stack, handler)}
    (id_,) = (id_ for id_, it in aliases.items() if it["Properties"]["FunctionName"] == function)
    return id_
