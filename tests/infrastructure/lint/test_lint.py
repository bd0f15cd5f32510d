"""cfn-lint over every synthesized template, in the regions that the settings name."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.infrastructure.lint.cfn_lint import lint
from tests.infrastructure.synthesis import CONTEXT, Synthesized

REGIONS = sorted({it["region"] for it in CONTEXT["environments"].values() if "region" in it})

Finding = Mapping[str, Any]


@pytest.fixture(scope="module")
def wrong(prod: Synthesized, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a template with an unknown property, and with a type that some regions lack."""
    template = prod.template.to_json()
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::DynamoDB::Table":
            resource["Properties"]["Colour"] = "red"
    template["Resources"]["Elsewhere"] = {"Type": "AWS::Chatbot::SlackChannelConfiguration"}
    file = tmp_path_factory.mktemp("wrong") / "Chat.template.json"
    file.write_text(json.dumps(template))
    return file


@pytest.fixture(scope="module")
def findings(all_stacks: Mapping[str, Synthesized], wrong: Path) -> Mapping[Path, list[Finding]]:
    """Return the findings in each template, from one run: cfn-lint takes seconds to start."""
    files = [stack.folder / stack.stack.template_file for stack in all_stacks.values()]
    found: dict[Path, list[Finding]] = {file: [] for file in (*files, wrong)}
    for finding in lint(*found, regions=REGIONS):
        found[Path(finding["Filename"])].append(finding)
    return found


def test_finds_nothing(findings: Mapping[Path, list[Finding]], wrong: Path) -> None:
    """The template of every stack is valid in every region of the settings."""
    found = [it for file, of_file in findings.items() if file != wrong for it in of_file]

    assert len(findings) > 6
    assert [(it["Rule"]["Id"], it["Location"]["Path"], it["Message"]) for it in found] == []


def test_would_find(findings: Mapping[Path, list[Finding]], wrong: Path) -> None:
    """cfn-lint finds the unknown property and the missing type."""
    assert {"E3002", "E3003"} <= {it["Rule"]["Id"] for it in findings[wrong]}
