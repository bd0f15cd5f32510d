"""Fixtures for every layer, and the markers of each test."""

from pathlib import Path

import pytest

from tests.support.harness import Chat

pytest_plugins = ["tests.support.emulator"]

HERE = Path(__file__).parent

# Seconds of computing time on one core: 180, at least 60, 16, 4 and 4.
SLOW = (
    "security/",
    "infrastructure/",
    "contract/test_join_storms.py",
    "contract/test_directory.py::test_lists_the_latest_deletions[moto]",
    "contract/test_memberships.py::test_lists_roles_and_bans[moto]",
)
"""Tests that `make unit` leaves out, besides the models on moto."""

BROWSER = ("browser",)
EMULATOR = ("browser", "integration", "reliability/faults")
"""Folders whose tests start an emulator, or the project's commands."""

EMULATOR_NAMES = frozenset({"aws", "pool", "emulator", "stack", "signed_in_stack"})
"""Fixtures that start an emulator, and parameters that name such a fixture."""

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
        if item.nodeid.removeprefix("tests/").startswith(SLOW) or _is_slow_model(path, item):
            item.add_marker(pytest.mark.slow)
        half = "one" if path.startswith(ONE_HALF) else "other"
        item.add_marker(pytest.mark.xdist_group(half))


def _is_slow_model(path: str, item: pytest.Item) -> bool:
    """Return whether a test is a model on moto, which takes ten times as long as on fakes."""
    return path.startswith("reliability/model/") and any("moto" in name for name in _names(item))


def _names(item: pytest.Item) -> set[str]:
    """Return the fixtures of a test, and those of its parameters that are text."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return {*getattr(item, "fixturenames", ()), *(it for it in parameters if isinstance(it, str))}


@pytest.fixture
def chat() -> Chat:
    """An empty chat on fakes."""
    return Chat()
