"""cfn-lint over every synthesized template, in the regions that the settings name."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.infrastructure.cfn_lint import lint
from tests.infrastructure.synthesis import CONTEXT, Synthesized

REGIONS = sorted({it["region"] for it in CONTEXT["environments"].values() if "region" in it})


def test_finds_nothing(stacks_with_page: Mapping[str, Synthesized]) -> None:
    """Every environment's template is right in every region that it may be deployed to."""
    templates = [
        stack.folder / f"{stack.stack.stack_name}.template.json"
        for stack in stacks_with_page.values()
    ]
    assert templates

    found = lint(*templates, regions=REGIONS)

    assert [(it["Rule"]["Id"], it["Location"]["Path"], it["Message"]) for it in found] == []


def test_would_find(prod: Synthesized, tmp_path: Path) -> None:
    """A property that CloudFormation does not know, and a type that a region has not, are found."""
    template = prod.template.to_json()
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::DynamoDB::Table":
            resource["Properties"]["Colour"] = "red"
    template["Resources"]["Elsewhere"] = {"Type": "AWS::Chatbot::SlackChannelConfiguration"}
    file = tmp_path / "Chat.template.json"
    file.write_text(json.dumps(template))

    found = lint(file, regions=["us-east-1"])

    assert {"E3002", "E3003"} <= {it["Rule"]["Id"] for it in found}
