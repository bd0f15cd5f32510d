"""Fixtures for every layer; the emulator's live in a plugin of their own."""

import pytest

from tests.harness import Chat

pytest_plugins = ["tests.emulator_fixtures"]


@pytest.fixture
def chat() -> Chat:
    """An empty chat on fakes."""
    return Chat()
