"""Imports run one way between folders, lazy and type-only imports included, and never in a circle.

A folder, or a module at the root of a package, may import itself and what its row lists.
"""

import ast
import pkgutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import chat.handlers
from chat.protocol.codec import ACTIONS
from chat.routes import ROUTES
from tools.common import ROOT

ERRORS = {"chat.errors"}
PROTOCOL = {"chat.protocol", *ERRORS}
DOMAIN = {"chat.domain", *PROTOCOL}
PORTS = {"chat.ports", *DOMAIN}
LOGIC = {"chat.logic", *PORTS}
HANDLERS = {"chat.handlers", *LOGIC}
ROUTED = {"chat.routes", *HANDLERS}
RUNTIME = {"chat.runtime", "chat.gateway", "chat.observability", *PORTS}
ADAPTERS = {"chat.auth", "chat.dynamodb", "chat.large_rooms", "chat.review", *RUNTIME}
BUILT = {"chat.bootstrap", "chat.config", *ADAPTERS}

STACK_BASE = {"chat_stack.errors", "chat_stack.names", "chat_stack.cdk_nag"}
STACK_SETTINGS = {"chat_stack.settings", *STACK_BASE}
STACK_API = {"chat_stack.storage", "chat_stack.api", *STACK_SETTINGS}
STACK_FUNCTIONS = {"chat_stack.functions", *STACK_API}
STACK_IDENTITY = {"chat_stack.identity", *STACK_FUNCTIONS}
STACK_PARTS = {"chat_stack.monitoring", "chat_stack.web", *STACK_IDENTITY}

MAY_IMPORT: Mapping[str, set[str]] = {
    "chat.errors": set(),
    "chat.protocol": ERRORS,
    "chat.domain": PROTOCOL,
    "chat.ports": DOMAIN,
    "chat.logic": PORTS,
    "chat.handlers": LOGIC,
    "chat.routes": HANDLERS,
    # It reads headers, and instruments the services of each invocation.
    "chat.dispatch": {"chat.auth", "chat.observability", *ROUTED},
    "chat.variable_parser": set(),
    "chat.config": {"chat.variable_parser", *DOMAIN},
    "chat.bootstrap": {"chat.config", *ADAPTERS},
    "chat.app": {"chat.dispatch", "chat.runtime", *BUILT},
    "chat.authorizer": {"chat.auth", "chat.config", "chat.runtime"},
    "chat.connection_closer": {"chat.logic", *BUILT},
    "chat.fan_out_consumer": {"chat.logic", *BUILT},
    "chat.dynamodb": PORTS,
    "chat.gateway": PORTS,
    "chat.observability": PORTS,
    "chat.runtime": {"chat.gateway", "chat.observability", *PORTS},
    "chat.auth": RUNTIME,
    "chat.large_rooms": RUNTIME,
    "chat.review": RUNTIME,
    "chat_stack.errors": set(),
    "chat_stack.names": set(),
    "chat_stack.cdk_nag": set(),
    "chat_stack.settings": STACK_BASE,
    "chat_stack.storage": STACK_SETTINGS,
    "chat_stack.api": STACK_SETTINGS,
    "chat_stack.functions": STACK_API,
    "chat_stack.identity": STACK_FUNCTIONS,
    "chat_stack.monitoring": STACK_IDENTITY,
    "chat_stack.web": STACK_IDENTITY,
    "chat_stack.stack": STACK_PARTS,
    "tools": {"chat", "chat_stack"},
    "smoke": set(),
    "local": {"chat_stack", "tools"},
    "ops": {"chat", "chat_stack", "local", "smoke", "tools"},
    "benchmarks": {"chat", "chat_stack", "local", "tests.support", "tools"},
    "tests.support": {"chat", "chat_stack", "local", "ops", "smoke", "tools"},
}
"""Rows by folder. A row of a whole package (`chat`) allows every folder of it."""

SOURCES = {
    "chat": "lambda/chat",
    "chat_stack": "chat_stack",
    "tools": "tools",
    "smoke": "canary/smoke",
    "local": "local",
    "ops": "ops",
    "benchmarks": "benchmarks",
    "tests.support": "tests/support",
}

AWS_PACKAGES = ("boto3", "botocore")
MAY_USE_AWS = {"chat.dynamodb", "chat.large_rooms", "chat.runtime", "chat.review"}


@cache
def modules() -> Mapping[str, Path]:
    """Return every module of the project's packages, by name."""
    return {
        ".".join((package, *_parts(path.relative_to(ROOT / folder)))): path
        for package, folder in SOURCES.items()
        for path in (ROOT / folder).rglob("*.py")
    }


def _parts(path: Path) -> tuple[str, ...]:
    parts = path.with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports_of(source: str) -> Iterator[str]:
    """Yield every name that *source* imports, with all its dots."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_modules(name: str) -> set[str]:
    """Return the modules of the project that a module imports."""
    found = set[str]()
    for imported in imports_of(modules()[name].read_text()):
        known = (imported, imported.rpartition(".")[0])
        found |= {next((it for it in known if it in modules()), name)}
    return found - {name}


def folder_of(name: str) -> str:
    """Return the folder of a module as `MAY_IMPORT` names it."""
    short = ".".join(name.split(".")[:2])
    return short if short in MAY_IMPORT else name.split(".")[0]


def violations(name: str, imported: set[str]) -> list[str]:
    """Return the modules in *imported* that the module *name* may not import."""
    own = folder_of(name)
    allowed = MAY_IMPORT.get(own, set()) | {own}
    return sorted(
        it for it in imported if folder_of(it) not in allowed and it.split(".")[0] not in allowed
    )


@pytest.mark.parametrize("name", modules())
def test_imports_run_one_way(name: str) -> None:
    """No module imports a folder above its own."""
    assert violations(name, imported_modules(name)) == []


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("chat.logic.presence", "chat.dynamodb.table"),
        ("chat.domain.strikes", "chat.ports"),
        ("chat.handlers.ping", "chat.gateway.push"),
        ("chat.dynamodb.rooms", "chat.logic.history"),
        ("chat_stack.settings.settings", "chat_stack.api.rate_limit"),
        ("chat_stack.stack", "chat.errors"),
        ("chat.dispatch", "chat_stack.errors"),
        ("local.deploy", "ops.bans"),
    ],
)
def test_violations_are_found(name: str, imported: str) -> None:
    """An import of a higher layer, or of the other half of the project, is a violation."""
    assert violations(name, {imported}) == [imported]


def test_lazy_and_type_only_imports_count() -> None:
    """An import in a function or under TYPE_CHECKING is an import."""
    source = "if TYPE_CHECKING:\n  from a import b\ndef f():\n  import c.d\n"

    assert set(imports_of(source)) == {"a.b", "c.d"}


def test_no_circles() -> None:
    """No module imports itself, through any number of others."""
    edges = {name: imported_modules(name) for name in modules()}
    while free := [name for name, imported in edges.items() if not imported & edges.keys()]:
        for name in free:
            del edges[name]

    assert sorted(edges) == []


def test_handlers_do_not_import_each_other() -> None:
    """Code that two handlers share is in `logic`."""
    handlers = [name for name in modules() if name.startswith("chat.handlers.")]

    assert [it for name in handlers for it in imported_modules(name) if it in handlers] == []


def test_only_adapters_import_the_aws_sdk() -> None:
    """botocore is the business of the adapters; `boto3` is not in the package at all."""
    users = {
        folder_of(name)
        for name, path in modules().items()
        if name.startswith("chat.")
        and any(it.split(".")[0] in AWS_PACKAGES for it in imports_of(path.read_text()))
    }

    assert users <= MAY_USE_AWS


def test_dispatch_loads_no_aws_sdk() -> None:
    """Importing the dispatcher loads no botocore: its import takes a quarter of a second."""
    program = "import chat.dispatch, sys; sys.exit(bool({'boto3', 'botocore'} & set(sys.modules)))"

    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT / "lambda", check=False)

    assert loaded.returncode == 0


def test_every_handler_has_a_route() -> None:
    """Each handler is in the table of routes, and each action has a handler."""
    routed = {handler.__module__.removeprefix("chat.handlers.") for handler in ROUTES.values()}

    assert routed == {module.name for module in pkgutil.iter_modules(chat.handlers.__path__)}
    assert set(ROUTES) == ACTIONS | {"$connect", "$disconnect", "$default"}
