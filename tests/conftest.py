"""Fixtures for every layer; the emulator's live in a plugin of their own.

`make test` runs two halves side by side, of about the same length, each with emulators of its own.
"""

from pathlib import Path

import pytest

from tests.support.harness import Chat

pytest_plugins = ["tests.support.emulator"]

HERE = Path(__file__).parent
ONE_HALF = ("browser", "reliability/faults", "integration/ops")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say of each test in which half it runs."""
    for item in items:
        half = "one" if str(item.path.relative_to(HERE)).startswith(ONE_HALF) else "other"
        item.add_marker(pytest.mark.xdist_group(half))


@pytest.fixture
def chat() -> Chat:
    """An empty chat on fakes."""
    return Chat()
