"""Print the dashboard that a deployment of production would create, as JSON."""

import json
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from app import build

PROJECT = Path(__file__).resolve().parents[2]
STACK = "Chat-prod"


def template(folder: Path) -> Mapping[str, Any]:
    """Return the template of production, without the package of its functions."""
    context = json.loads((PROJECT / "cdk.json").read_text())["context"]
    app = App(outdir=str(folder), context={**context, "aws:cdk:bundling-stacks": []})
    build(app)
    stack = app.node.find_child(STACK)
    assert isinstance(stack, Stack)
    return Template.from_stack(stack).to_json()


def dashboard_body(template: Mapping[str, Any]) -> str:
    """Return the JSON of the template's only dashboard, with logical ids for references."""
    resources = template["Resources"].values()
    (found,) = [it for it in resources if it["Type"] == "AWS::CloudWatch::Dashboard"]
    body = _resolve(found["Properties"]["DashboardBody"])
    return re.sub(r"(?<=[a-z])[0-9A-F]{8}(?=\")", "", body)


def _resolve(value: Any) -> str:
    """Return a string of the template, with the logical id for each reference."""
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    if function == "Fn::Join":
        return str(argument[0]).join(_resolve(part) for part in argument[1])
    return str(argument[0] if function == "Fn::GetAtt" else argument)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        sys.stdout.write(dashboard_body(template(Path(temporary))))
