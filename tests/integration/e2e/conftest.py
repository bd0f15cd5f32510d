"""The address of the chat under test."""

import pytest

from tests.support.emulator import Stack


@pytest.fixture(scope="session")
def web_socket_url(stack: Stack) -> str:
    """Return the WebSocket URL of the deployed chat."""
    return stack.web_socket_url
