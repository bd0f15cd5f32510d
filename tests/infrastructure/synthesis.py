"""Synthesis of the app: stacks, their templates, and the settings they are made from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from app import build

PROJECT = Path(__file__).resolve().parents[2]


CONTEXT: Mapping[str, Any] = json.loads((PROJECT / "cdk.json").read_text())["context"]


WITHOUT_PAGE = {
    name: {**given, "webHosting": False} for name, given in CONTEXT["environments"].items()
}


CHAT, CONSUMER, CLOSER = (
    "chat.app.handler",
    "chat.fanout_consumer.handler",
    "chat.connection_closer.handler",
)


AUTHORIZER = "chat.authorizer.handler"


EMULATOR = "http://127.0.0.1:4566/_aws/execute-api"


ENVIRONMENTS = ("local", "dev", "staging", "prod")


@dataclass(frozen=True, slots=True)
class Synthesized:
    """A stack, its template, and the folder of the assembly that it is part of."""

    stack: Stack
    template: Template
    folder: Path

    def only(self, type_: str) -> Mapping[str, Any]:
        """The properties of the one resource of *type_*."""
        (resource,) = self.resources(type_).values()
        return resource["Properties"]  # type: ignore[no-any-return]  # it is JSON

    def resources(self, type_: str) -> Mapping[str, Mapping[str, Any]]:
        """All resources of *type_* by logical id."""
        return self.template.find_resources(type_)

    def table(self, name: str) -> Mapping[str, Any]:
        """The table behind the output *name*."""
        logical_id = self.template.to_json()["Outputs"][name]["Value"]["Ref"]
        return self.resources("AWS::DynamoDB::Table")[logical_id]

    @property
    def has_guests(self) -> bool:
        """Whether people need no sign-in."""
        return not self.resources("AWS::ApiGatewayV2::Authorizer")

    def within(self, type_: str, part: str) -> Mapping[str, Any]:
        """The properties of the one resource of *type_* whose logical id has *part* in it."""
        (found,) = (it for id_, it in self.resources(type_).items() if part in id_)
        return found["Properties"]  # type: ignore[no-any-return]  # it is JSON

    def functions(self) -> Mapping[str, Mapping[str, Any]]:
        """The properties of the package's functions, by their handlers."""
        found = (it["Properties"] for it in self.resources("AWS::Lambda::Function").values())
        return {it["Handler"]: it for it in found if it["Handler"].startswith("chat.")}

    def function(self, handler: str = CHAT) -> Mapping[str, Any]:
        """The properties of the function that begins at *handler*."""
        return self.functions()[handler]

    def statements(self, handler: str) -> Iterator[Mapping[str, Any]]:
        """Every statement of the policies of a function's role."""
        role = {"Ref": self.function(handler)["Role"]["Fn::GetAtt"][0]}
        for policy in self.resources("AWS::IAM::Policy").values():
            if role in policy["Properties"]["Roles"]:
                yield from policy["Properties"]["PolicyDocument"]["Statement"]


def synthesize(
    folder: Path, built_page: Path | None = None, /, **context: Any
) -> dict[str, Synthesized]:
    """Every stack of the app by its name, with cdk.json's context and *context*.

    The page is hosted only if there is one; what changes with it is what `test_web.py` is about.
    """
    environments = CONTEXT["environments"] if built_page else WITHOUT_PAGE
    of_app = {**CONTEXT, "environments": environments, "gatewayUrl": EMULATOR, **context}
    app = App(outdir=str(folder), context=of_app)
    build(app, built_page=built_page or folder)
    stacks = [child for child in app.node.children if isinstance(child, Stack)]
    return {
        stack.stack_name: Synthesized(stack, Template.from_stack(stack), folder) for stack in stacks
    }
