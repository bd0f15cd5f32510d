"""The order in which CloudFormation creates and changes the parts of the API."""

import json
from collections.abc import Mapping
from graphlib import CycleError
from itertools import pairwise
from typing import Any

import pytest

from tests.infrastructure.references import closure, order
from tests.infrastructure.synthesis import Synthesized

PARTS = tuple(
    f"AWS::ApiGatewayV2::{name}" for name in ("Authorizer", "Integration", "Route", "RouteResponse")
)


def test_no_template_has_a_cycle(all_stacks: Mapping[str, Synthesized]) -> None:
    """CloudFormation can create each stack: no resource waits for itself."""
    for stack in all_stacks.values():
        assert order(stack.template.to_json()["Resources"])


def test_cycles_are_found() -> None:
    """The search follows DependsOn, Ref, GetAtt and Sub."""
    ring: Mapping[str, Mapping[str, Any]] = {
        "A": {"DependsOn": "B"},
        "B": {"Properties": {"x": {"Ref": "C"}}},
        "C": {"Properties": {"x": [{"Fn::GetAtt": ["D", "Arn"]}]}},
        "D": {"Properties": {"x": {"Fn::Sub": "arn:${AWS::Region}:${A.Arn}"}}},
    }

    assert closure(ring, "A") == {*"ABCD"}
    with pytest.raises(CycleError):
        order(ring)


def test_the_stage_waits_for_the_whole_api(all_stacks: Mapping[str, Synthesized]) -> None:
    """The stage is made once, after all routes: each later change would deploy it again."""
    for stack in all_stacks.values():
        resources = stack.template.to_json()["Resources"]
        (stage,) = stack.resources("AWS::ApiGatewayV2::Stage")
        parts = {id_ for type_ in PARTS for id_ in stack.resources(type_)}

        assert parts <= closure(resources, stage), stack.stack.stack_name


def test_the_parts_of_an_api_are_made_in_turn(all_stacks: Mapping[str, Synthesized]) -> None:
    """Each part waits for the part before it: API Gateway refuses simultaneous changes by 409."""
    for stack in all_stacks.values():
        resources = stack.template.to_json()["Resources"]
        parts = {id_ for type_ in PARTS for id_ in stack.resources(type_)}
        before = {id_: closure(resources, id_) & parts for id_ in parts}
        in_turn = sorted(parts, key=lambda id_: len(before[id_]))

        for earlier, later in pairwise(in_turn):
            assert earlier in before[later], f"{later} is made at the same time as {earlier}"


def test_invokers_wait_for_their_permission(all_stacks: Mapping[str, Synthesized]) -> None:
    """API Gateway calls a function or an alias only after it has the permission to do so.

    Otherwise, a change of `snapStart` or `trafficShift` lets requests fail.
    """
    for stack in all_stacks.values():
        resources = stack.template.to_json()["Resources"]
        gateway = {
            id_: it["Properties"]["FunctionName"]
            for id_, it in stack.resources("AWS::Lambda::Permission").items()
            if it["Properties"]["Principal"] == "apigateway.amazonaws.com"
        }
        invokers = {**stack.resources(PARTS[0]), **stack.resources(PARTS[1])}

        assert len(gateway) == len(invokers)
        for id_, invoker in invokers.items():
            before = closure(resources, id_)
            (permission,) = (
                it
                for it, function in gateway.items()
                if json.dumps(function) in json.dumps(invoker)
            )
            assert permission in before, f"{id_} does not wait for {permission}"
