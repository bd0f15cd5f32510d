"""The deployed function with a proxy between it and AWS."""

from collections.abc import Iterator

import pytest

from tests.reliability.faults.accounts import Teams
from tests.reliability.faults.function import Function
from tests.reliability.faults.proxy import Proxy
from tests.support.emulator import Stack


@pytest.fixture(scope="module")
def function(signed_in_stack: Stack) -> Function:
    """Provide the function of the chat without guests."""
    return Function(signed_in_stack.endpoint_url, signed_in_stack.rooms_table)


@pytest.fixture(scope="module")
def teams(signed_in_stack: Stack) -> Teams:
    """Provide the users who can sign in there."""
    assert signed_in_stack.sign_in
    return Teams(signed_in_stack.sign_in)


@pytest.fixture(scope="module")
def proxy(signed_in_stack: Stack, function: Function) -> Iterator[Proxy]:
    """Run the proxy that the function's calls to AWS pass through."""
    port, url = signed_in_stack.proxy_port, signed_in_stack.endpoint_url
    with (
        Proxy(port, url, kill=function.kill).running() as between,
        function.behind(between.url),
    ):
        yield between
