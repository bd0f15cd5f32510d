"""The deployed function, which tests can configure and end."""

from collections.abc import Iterator
from contextlib import contextmanager

from local.deploy import client


class Function:
    """The deployed function's configuration. Each change of it ends every running copy."""

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
        """Send all its calls to AWS through a proxy."""
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
        """Set its time-out to *seconds*."""
        self._update(Timeout=seconds)
        try:
            yield
        finally:
            self.kill()

    def kill(self) -> None:
        """End every running copy."""
        self._update(Timeout=self.timeout)

    def _update(self, **changes: object) -> None:
        self._lambda.update_function_configuration(
            FunctionName=self._deployed["FunctionName"], **changes
        )
