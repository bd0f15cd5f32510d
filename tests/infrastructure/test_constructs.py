"""The constructs in someone else's app: the example of the documentation."""

import re
from pathlib import Path
from typing import Any

from aws_cdk import App
from aws_cdk.assertions import Template

from chat_stack.functions.bundling import SOURCE
from tests.infrastructure.conftest import PROJECT

HOOK = {"REVIEW_FUNCTION", "REVIEW_TIMEOUT_MS", "REVIEW_FAILURE"}
"""Of a chat with a review hook alone."""
VARIABLE = re.compile(r'environ(?:ment)?\["([A-Z_]+)"\]')


def test_documented_example_is_a_whole_chat(tmp_path: Path) -> None:
    """The example synthesizes, and wires the function to both tables and back to the clients."""
    code = _example((PROJECT / "docs" / "architecture.md").read_text())
    names: dict[str, Any] = {"__name__": "example"}

    exec(compile(code, "docs/architecture.md", "exec"), names)  # noqa: S102 - our own example
    stack = names["HelpDesk"](App(outdir=str(tmp_path)), "HelpDesk", package=tmp_path / "package")
    template = Template.from_stack(stack)

    functions = template.find_resources("AWS::Lambda::Function").values()
    for entry in ("app", "fanout_consumer"):
        (variables,) = (
            function["Properties"]["Environment"]["Variables"]
            for function in functions
            if function["Properties"]["Handler"] == f"chat.{entry}.handler"
        )
        assert _read_by(entry) - HOOK - {"AWS_REGION"} <= set(variables)
        assert variables["TEXT_LENGTH"] == "500"
    template.resource_count_is("AWS::ApiGatewayV2::Api", 1)
    template.resource_count_is("AWS::DynamoDB::Table", 2)


def _read_by(entry: str) -> set[str]:
    """The environment variables that an entry point cannot start without."""
    sources = [SOURCE / "chat" / f"{name}.py" for name in (entry, "bootstrap")]
    return {name for path in sources for name in VARIABLE.findall(path.read_text())}


def _example(page: str) -> str:
    """The first Python block below the heading."""
    section = page.partition("\n## Compose it yourself\n")[2]
    found = re.search(r"^```python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]
