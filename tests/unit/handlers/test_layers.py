"""What may import what, and that no handler is forgotten."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import chat.handlers
from chat.protocol.codec import ACTIONS
from chat.routes import ROUTES

HANDLERS = sorted(module.name for module in pkgutil.iter_modules(chat.handlers.__path__))
LAMBDA = Path(chat.handlers.__path__[0]).parents[1]


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return found


def test_every_handler_has_a_route() -> None:
    """A handler that no line of the table names is a mistake, and so is an action without one."""
    routed = {handler.__module__.removeprefix("chat.handlers.") for handler in ROUTES.values()}

    assert routed == set(HANDLERS)
    assert set(ROUTES) == ACTIONS | {"$connect", "$disconnect", "$default"}


@pytest.mark.parametrize("name", HANDLERS)
def test_handlers_know_neither_aws_nor_each_other(name: str) -> None:
    """Handlers import neither boto3 nor an adapter nor another handler."""
    imported = imports_of(LAMBDA / "chat" / "handlers" / f"{name}.py")

    forbidden = ("boto", "chat.handlers", "chat.dynamodb", "chat.gateway", "chat.runtime")
    assert not [module for module in imported if module.startswith(forbidden)]


def test_dispatch_loads_no_boto3() -> None:
    """boto3 is the adapters' alone: importing the dispatcher does not load it."""
    program = "import chat.dispatch, sys; sys.exit('boto3' in sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", program], cwd=LAMBDA, check=False)

    assert loaded.returncode == 0
