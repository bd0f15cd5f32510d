"""cfn-lint over every synthesized template, in the regions that the settings name."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.infrastructure.conftest import CONTEXT, PROJECT, Synthesized

REGIONS = sorted({it["region"] for it in CONTEXT["environments"].values() if "region" in it})


def lint(*templates: Path, regions: Sequence[str] = ()) -> list[Mapping[str, Any]]:
    """What cfn-lint finds; without *regions*, in those of `.cfnlintrc.yaml`."""
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--format", "json"]
    if regions:
        command += ["--regions", *regions]
    result = subprocess.run(
        [*command, "--", *map(str, templates)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not result.stderr, result.stderr
    found: list[Mapping[str, Any]] = json.loads(result.stdout)
    return found


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
