"""cdk-nag's AwsSolutions pack over every environment. Each accepted finding has a reason."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.cloudformation_include import CfnInclude
from constructs import Construct

from tests.infrastructure.lint.nag import Finding, nag
from tests.infrastructure.synthesis import CONTEXT, Synthesized, synthesize

ACKNOWLEDGED = "aws:cdk:acknowledged-rules"
LOGICAL_ID = "aws:cdk:logicalId"


def test_finds_nothing_unexplained(stacks_with_page: Mapping[str, Synthesized]) -> None:
    """The code that causes a finding accepts it, in every environment."""
    app = next(iter(stacks_with_page.values())).stack.node.root

    assert nag(app) == set()


def test_finds_nothing_unexplained_where_the_account_is_named(
    tmp_path: Path, built_page: Path
) -> None:
    """Findings are accepted even if their names contain the account and the region."""
    location = {"account": "123456789012", "region": "eu-west-1"}
    stacks = synthesize(
        tmp_path,
        built_page,
        environments={"there": {**CONTEXT["environments"]["prod"], **location}},
    )

    assert nag(stacks["Chat-there"].stack) == set()


def test_accepts_for_a_reason(stacks_with_page: Mapping[str, Synthesized]) -> None:
    """The reason of each accepted finding is a sentence of six words or more."""
    for stack in stacks_with_page.values():
        for finding, reason in _accepted(stack):
            assert reason.endswith("."), finding
            assert len(reason.split()) >= 6, finding


def test_accepts_nothing_that_is_not_found(
    stacks_with_page: Mapping[str, Synthesized], tmp_path: Path
) -> None:
    """The templates alone break every accepted rule, in the construct that accepts it."""
    for name, stack in stacks_with_page.items():
        raw = _raw(stack, tmp_path / name)

        for (rule, path), _ in _accepted(stack):
            hits = [it for it in raw if it.rule == rule and f"{it.path}/".startswith(f"{path}/")]
            assert hits, f"{path} accepts {rule}, which it does not break"


@pytest.mark.parametrize("rule", ["APIG4", "DDB3", "SQS4"])
def test_would_find(rule: str, prod: Synthesized, tmp_path: Path) -> None:
    """The pack finds the rule that a changed template breaks."""
    broken = prod.template.to_json()
    for resource in broken["Resources"].values():
        properties = resource["Properties"]
        match resource["Type"]:
            case "AWS::ApiGatewayV2::Route":
                properties["AuthorizationType"] = "NONE"
            case "AWS::DynamoDB::Table":
                properties.pop("PointInTimeRecoverySpecification")
            case "AWS::SQS::QueuePolicy":
                properties["PolicyDocument"]["Statement"] = []

    found = nag(_included(broken, tmp_path))

    assert f"AwsSolutions-{rule}" in {it.rule for it in found}


def _raw(stack: Synthesized, folder: Path) -> set[Finding]:
    """Return the findings in the template alone, with the paths of its resources."""
    paths = {
        entry["data"]: path.removeprefix("/")
        for path, entry in _metadata(stack)
        if entry["type"] == LOGICAL_ID
    }
    found = nag(_included(stack.template.to_json(), folder))
    return {Finding(it.rule, paths[it.path.rpartition("/")[2]]) for it in found}


def _included(template: Mapping[str, Any], folder: Path) -> Construct:
    """Return the resources of *template* as constructs that accept no finding."""
    folder.mkdir(exist_ok=True)
    file = folder / "template.json"
    file.write_text(json.dumps(template))
    return CfnInclude(Stack(App(outdir=str(folder / "out"))), "Included", template_file=str(file))


def _accepted(stack: Synthesized) -> Iterator[tuple[Finding, str]]:
    for path, entry in _metadata(stack):
        if entry["type"] == ACKNOWLEDGED:
            for rule, reason in entry["data"].items():
                yield Finding(rule.partition("::")[2], path.removeprefix("/")), reason


def _metadata(stack: Synthesized) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the metadata of the assembly, with the path of its construct."""
    file = stack.folder / f"{stack.stack.stack_name}.metadata.json"
    for path, entries in json.loads(file.read_text()).items():
        for entry in entries:
            yield path, entry
