"""The deployed function with a proxy between it and AWS."""

from collections.abc import Iterator

import pytest

from tests.emulator_fixtures import Stack
from tests.faults.function import Function
from tests.faults.proxy import Proxy


@pytest.fixture(scope="module")
def function(stack: Stack) -> Function:
    """The function of the deployed chat."""
    return Function(stack.endpoint_url, stack.rooms_table)


@pytest.fixture(scope="module")
def proxy(stack: Stack, function: Function) -> Iterator[Proxy]:
    """What the function's calls to AWS pass through."""
    with (
        Proxy(stack.endpoint_url, kill=function.kill).running() as between,
        function.behind(between.url),
    ):
        yield between
