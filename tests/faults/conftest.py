"""The deployed function with a proxy between it and AWS."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.deploy import client
from tests.emulator_fixtures import Stack
from tests.faults.proxy import Proxy


class Function:
    """The deployed function's configuration; each change of it ends every running copy."""

    def __init__(self, endpoint_url: str, rooms_table: str) -> None:
        self._lambda = client("lambda", endpoint_url)
        self._endpoint_url = endpoint_url
        found = (
            function
            for function in self._lambda.list_functions()["Functions"]
            if function["Environment"]["Variables"].get("ROOMS_TABLE") == rooms_table
        )
        self._deployed = next(found)
        self.timeout: int = self._deployed["Timeout"]

    @contextmanager
    def behind(self, proxy_url: str) -> Iterator[None]:
        """Let all its calls to AWS go through a proxy."""
        variables = self._deployed["Environment"]["Variables"]
        callback = variables["CALLBACK_URL"].replace(self._endpoint_url, proxy_url)
        proxied = {**variables, "AWS_ENDPOINT_URL": proxy_url, "CALLBACK_URL": callback}
        self._update(Environment={"Variables": proxied})
        try:
            yield
        finally:
            self._update(Environment={"Variables": variables})

    @contextmanager
    def ending_after(self, seconds: int) -> Iterator[None]:
        """Let its time-out be *seconds*."""
        self._update(Timeout=seconds)
        try:
            yield
        finally:
            self.kill()

    def kill(self) -> None:
        """End every copy wherever it is."""
        self._update(Timeout=self.timeout)

    def _update(self, **changes: object) -> None:
        self._lambda.update_function_configuration(
            FunctionName=self._deployed["FunctionName"], **changes
        )


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
