"""Synthesis of the app: stacks, their templates, and the settings of the stacks."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack

from app import build
from chat_stack.functions import bundling

PROJECT = Path(__file__).resolve().parents[2]
CONTEXT: Mapping[str, Any] = json.loads((PROJECT / "cdk.json").read_text())["context"]
WITHOUT_PAGE = {
    name: {**given, "webHosting": False} for name, given in CONTEXT["environments"].items()
}
CHAT, CONSUMER, CLOSER = (
    "chat.app.handler",
    "chat.fan_out_consumer.handler",
    "chat.connection_closer.handler",
)
AUTHORIZER = "chat.authorizer.handler"
EMULATOR = "http://127.0.0.1:4566/_aws/execute-api"
ENVIRONMENTS = ("local", "dev", "staging", "prod")


class SynthesizedTemplate:
    """A template that is read once. Each call of the CDK's own `Template` takes milliseconds."""

    def __init__(self, file: Path) -> None:
        self._text = file.read_text()
        self._resources: Mapping[str, Mapping[str, Any]] = json.loads(self._text)["Resources"]

    def to_json(self) -> dict[str, Any]:
        """Return a copy of the template."""
        template: dict[str, Any] = json.loads(self._text)
        return template

    def find_resources(self, type_: str) -> dict[str, Mapping[str, Any]]:
        """Return the resources of a type by logical id. Tests must not change them."""
        return {id_: it for id_, it in self._resources.items() if it["Type"] == type_}


@dataclass(frozen=True, slots=True)
class Synthesized:
    """A stack, its template, and the folder of the assembly that it is part of."""

    stack: Stack
    template: SynthesizedTemplate
    folder: Path

    def only(self, type_: str) -> Mapping[str, Any]:
        """Return the properties of the only resource of *type_*."""
        (resource,) = self.resources(type_).values()
        return resource["Properties"]  # type: ignore[no-any-return]  # it is JSON

    def resources(self, type_: str) -> Mapping[str, Mapping[str, Any]]:
        """Return all resources of *type_* by logical id."""
        return self.template.find_resources(type_)

    def table(self, name: str) -> Mapping[str, Any]:
        """Return the table behind the output *name*."""
        logical_id = self.template.to_json()["Outputs"][name]["Value"]["Ref"]
        return self.resources("AWS::DynamoDB::Table")[logical_id]

    @property
    def has_guests(self) -> bool:
        """Whether users are guests, who need no sign-in."""
        return not self.resources("AWS::ApiGatewayV2::Authorizer")

    def within(self, type_: str, part: str) -> Mapping[str, Any]:
        """Return the properties of the only resource of *type_* with *part* in its logical id."""
        (found,) = (it for id_, it in self.resources(type_).items() if part in id_)
        return found["Properties"]  # type: ignore[no-any-return]  # it is JSON

    def functions(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the properties of the package's functions by their handlers."""
        found = (it["Properties"] for it in self.resources("AWS::Lambda::Function").values())
        return {it["Handler"]: it for it in found if it["Handler"].startswith("chat.")}

    def function(self, handler: str = CHAT) -> Mapping[str, Any]:
        """Return the properties of the function with this *handler*."""
        return self.functions()[handler]

    def statements(self, handler: str) -> Iterator[Mapping[str, Any]]:
        """Yield every statement of the policies of a function's role."""
        role = {"Ref": self.function(handler)["Role"]["Fn::GetAtt"][0]}
        for policy in self.resources("AWS::IAM::Policy").values():
            if role in policy["Properties"]["Roles"]:
                yield from policy["Properties"]["PolicyDocument"]["Statement"]


def synthesize(
    folder: Path, built_page: Path | None = None, /, *, packages: bool = False, **context: Any
) -> dict[str, Synthesized]:
    """Return every stack of the app by its name, with cdk.json's context and *context*.

    Without *built_page*, no environment hosts the page.
    Without *packages*, a file replaces the Lambda package: copying the real one takes seconds.
    """
    environments = CONTEXT["environments"] if built_page else WITHOUT_PAGE
    of_app = {**CONTEXT, "environments": environments, "gatewayUrl": EMULATOR, **context}
    app = App(outdir=str(folder), context=of_app)
    with pytest.MonkeyPatch.context() as patch:
        if not packages:
            patch.setattr(bundling, "assemble", _placeholder)
        build(app, built_page=built_page or folder)
    app.synth()
    stacks = [child for child in app.node.children if isinstance(child, Stack)]
    return {
        stack.stack_name: Synthesized(
            stack, SynthesizedTemplate(folder / stack.template_file), folder
        )
        for stack in stacks
    }


def _placeholder(target: bundling.Target, destination: Path, *, source: Path) -> Path:
    """Write a folder that differs by target and source, instead of the package."""
    destination.mkdir(parents=True, exist_ok=True)
    (destination / "package").write_text(f"{target} {source.name}")
    return destination
