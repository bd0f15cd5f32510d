"""The constructs in another app: the example of docs/architecture/constructs.md."""

import ast
import re
from collections.abc import Mapping
from typing import Any

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template

from tests.infrastructure.environment_variables import read_by
from tests.infrastructure.iam.permissions import list_permissions
from tests.infrastructure.synthesis import CHAT, CONSUMER, PROJECT, Synthesized

PAGE = (PROJECT / "docs" / "architecture" / "constructs.md").read_text()
LEFT_OUT = re.compile(r"CloserRole |\S+ at CloserRole ")
"""Permissions that the example omits on purpose.

Guests have no tokens that expire, and `make ban-user` is a command for `ChatStack`.
"""


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return the template of the documented example."""
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(_example(), "constructs.md", "exec"), names)  # noqa: S102 - our own example
    folder = tmp_path_factory.mktemp("example")
    app = App(outdir=str(folder / "cdk.out"))
    return Template.from_stack(names["HelpDesk"](app, "HelpDesk", package=folder / "package"))


def test_documented_example_is_a_whole_chat(example: Template) -> None:
    """The example synthesizes, and each function has exactly the variables that it reads."""
    functions = example.find_resources("AWS::Lambda::Function").values()
    for handler in (CHAT, CONSUMER):
        (variables,) = (
            function["Properties"]["Environment"]["Variables"]
            for function in functions
            if function["Properties"]["Handler"] == handler
        )
        assert read_by(handler, variables) == set(variables)
        assert variables.get("TEXT_LENGTH", "500") == "500"
    example.resource_count_is("AWS::ApiGatewayV2::Api", 1)
    example.resource_count_is("AWS::DynamoDB::Table", 2)


def test_documented_example_grants_what_the_stack_grants(
    example: Template, stacks: Mapping[str, Synthesized]
) -> None:
    """The example has every permission of a stack for guests, except those named in `LEFT_OUT`.

    It has no other permission.
    """
    whole = set(list_permissions(stacks["Chat-local"].template.to_json()))
    left_out = {it for it in whole if LEFT_OUT.match(it)}

    granted = set(list_permissions(example.to_json()))

    assert left_out
    assert granted == whole - left_out


def test_documented_constructs_exist() -> None:
    """Each construct in the table is a class, with the members that the table lists."""
    classes = {
        node.name: node
        for path in (PROJECT / "chat_stack").rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    }
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.*) ?\|$", PAGE, re.MULTILINE)

    assert len(rows) > 10
    for name, members in rows:
        source = ast.unparse(classes[name])
        for member in re.findall(r"`(\w+)", members):
            assert f"self.{member}" in source or f"def {member}(" in source, f"{name}.{member}"


def _example() -> str:
    """Return the first Python block below the heading."""
    section = PAGE.partition("\n## Compose it yourself\n")[2]
    found = re.search(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]
