"""What the tests of the stack look at: the templates of all environments, synthesized once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from app import build
from chat_stack.web import page
from tests.infrastructure.all_settings import MORE

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


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Synthesized]:
    """Every stack, with its packages."""
    return synthesize(tmp_path_factory.mktemp("assembly") / "cdk.out")


@pytest.fixture(scope="session")
def built_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page as Vite leaves it."""
    built = tmp_path_factory.mktemp("page")
    (built / "assets").mkdir()
    (built / "assets" / "index-abc.js").write_text("1")
    (built / "index.html").write_text("<!doctype html>")
    (built / "config.json").write_text(json.dumps(page.config("ws://the.editor")))
    page.mark_current(page.fingerprint(), built)
    return built


@pytest.fixture(scope="session")
def stacks_with_page(
    tmp_path_factory: pytest.TempPathFactory, built_page: Path
) -> Mapping[str, Synthesized]:
    """Every stack, as cdk.json has them; and two with all that those leave off."""
    environments = {**CONTEXT["environments"], **MORE}
    folder = tmp_path_factory.mktemp("hosted") / "cdk.out"
    return synthesize(folder, built_page, environments=environments)


@pytest.fixture(scope="session")
def every(stacks_with_page: Mapping[str, Synthesized]) -> Synthesized:
    """The stack with everything on."""
    return stacks_with_page["Chat-every"]


@pytest.fixture(scope="session")
def other(stacks_with_page: Mapping[str, Synthesized]) -> Synthesized:
    """The stack with everything on, in the other ways that there are."""
    return stacks_with_page["Chat-other"]


@pytest.fixture(scope="session")
def prod(stacks: Mapping[str, Synthesized]) -> Synthesized:
    """The stack for production."""
    return stacks["Chat-prod"]


@pytest.fixture(params=ENVIRONMENTS)
def each(request: pytest.FixtureRequest, stacks: Mapping[str, Synthesized]) -> Synthesized:
    """Each environment's stack in turn."""
    return stacks[f"Chat-{request.param}"]
