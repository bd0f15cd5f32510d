"""Fixtures for every layer, and the markers of each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.harness import Chat
from tests.support.in_process import dynamodb_in_process, reset_dynamodb

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytest_plugins = ["tests.support.emulator"]

HERE = Path(__file__).parent

SLOW = ("infrastructure/",)
"""Folders that `make unit` leaves out, besides the tests on moto."""

BROWSER = ("browser",)
EMULATOR = ("browser", "integration", "reliability/faults")
"""Folders whose tests start an emulator, or the project's commands."""

EMULATOR_NAMES = frozenset({"aws", "pool", "stack", "signed_in_stack"})
"""Fixtures that start an emulator, and parameters that name such a fixture."""

MOTO_NAMES = frozenset({"moto", "moto_dynamodb"})
"""A fixture of moto, and the parameters that name it. A test takes ten times as long on it."""

ONE_HALF = ("browser", "reliability/faults", "integration/ops")
"""Folders that `make test` runs on one worker; the others run on the other, about as long."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by its folder and its fixtures, and assign it to a worker of `make test`."""
    for item in items:
        path = item.path.relative_to(HERE).as_posix()
        if path.startswith(BROWSER):
            item.add_marker(pytest.mark.browser)
        if path.startswith(EMULATOR) or _names(item) & EMULATOR_NAMES:
            item.add_marker(pytest.mark.emulator)
        if path.startswith(SLOW) or _names(item) & MOTO_NAMES:
            item.add_marker(pytest.mark.slow)
        half = "one" if path.startswith(ONE_HALF) else "other"
        item.add_marker(pytest.mark.xdist_group(half))


def _names(item: pytest.Item) -> set[str]:
    """Return the fixtures of a test, and those of its parameters that are text."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return {*getattr(item, "fixturenames", ()), *(it for it in parameters if isinstance(it, str))}


@pytest.fixture
def chat() -> Chat:
    """An empty chat on fakes."""
    return Chat()


@pytest.fixture(scope="module")
def emulator_dynamodb() -> Iterator["DynamoDBClient"]:
    """DynamoDB of the emulator's library, in this process."""
    yield dynamodb_in_process()
    reset_dynamodb()
