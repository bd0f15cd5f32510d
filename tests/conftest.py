"""Fixtures for every layer, and the markers of each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.harness import Chat
from tests.support.in_process import all_items, dynamodb_in_process, reset_dynamodb
from tests.support.item_kinds import items_without_end

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytest_plugins = ["tests.support.emulator"]

HERE = Path(__file__).parent

SLOW = ("infrastructure/",)
"""Folders that `make unit` leaves out, besides the tests on an emulated AWS."""

BROWSER = ("browser",)
EMULATOR = ("browser", "integration", "reliability/faults")
"""Folders whose tests start an emulator, or the project's commands."""

EMULATOR_NAMES = frozenset({"aws", "pool", "stack", "signed_in_stack"})
"""Fixtures that start an emulator, and parameters that name such a fixture."""

LIBRARY_NAMES = frozenset({"emulator_dynamodb", "emulator", "dynamodb"})
"""A fixture of the emulator's library in this process, and the parameters that name it."""

MOTO_NAMES = frozenset({"moto", "moto_dynamodb"})
"""A fixture of moto, and the parameters that name it. A test takes ten times as long on it."""

TOGETHER = ("browser", "infrastructure")
"""Folders whose tests stay on one worker: one Chromium, and one synthesis of each stack."""

LONGEST_FIRST = ("browser", "reliability/faults", "integration", "infrastructure", "reliability")
"""Folders whose tests start first, so that short tests fill the last minute of both workers."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by its folder and its fixtures, and say which stay on one worker."""
    items.sort(key=lambda item: _rank(_path(item)))
    for item in items:
        path = _path(item)
        if path.startswith(BROWSER):
            item.add_marker(pytest.mark.browser)
        if path.startswith(EMULATOR) or _names(item) & EMULATOR_NAMES:
            item.add_marker(pytest.mark.emulator)
        if path.startswith(SLOW) or _names(item) & MOTO_NAMES:
            item.add_marker(pytest.mark.slow)
        if _names(item) & LIBRARY_NAMES:
            item.add_marker(pytest.mark.library)
        group = next((folder for folder in TOGETHER if path.startswith(folder)), path)
        item.add_marker(pytest.mark.xdist_group(group))


def _path(item: pytest.Item) -> str:
    return item.path.relative_to(HERE).as_posix()


def _rank(path: str) -> int:
    """Return the place of a file in `LONGEST_FIRST`, or the last place."""
    ranks = (n for n, folder in enumerate(LONGEST_FIRST) if path.startswith(folder))
    return next(ranks, len(LONGEST_FIRST))


def _names(item: pytest.Item) -> set[str]:
    """Return the fixtures of a test, and the words of its parameters that are text."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    words = (word for it in parameters if isinstance(it, str) for word in it.split("-"))
    return {*getattr(item, "fixturenames", ()), *words}


@pytest.fixture
def chat() -> Chat:
    """An empty chat on fakes."""
    return Chat()


@pytest.fixture(scope="module")
def emulator_dynamodb(request: pytest.FixtureRequest) -> Iterator["DynamoDBClient"]:
    """DynamoDB of the emulator's library, in this process.

    Fails the last test of a file if the file has written an item that is kept without a reason.
    """
    if "not library" in request.config.option.markexpr:
        pytest.fail("this test needs the emulator's library; see tests/conftest.py")
    yield dynamodb_in_process()
    endless = items_without_end(all_items())
    reset_dynamodb()
    assert endless == [], "docs/architecture/data-model.md has no reason for these items"
