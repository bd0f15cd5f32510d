"""The chats that the model tests run against: both deployed chats, and one in this process."""

import pytest

from tests.support.emulator import Stack


@pytest.fixture(params=["stack", "signed_in_stack"])
def either_stack(request: pytest.FixtureRequest) -> Stack:
    """Provide the chat of guests, and the chat of signed-in users."""
    stack: Stack = request.getfixturevalue(request.param)
    return stack
