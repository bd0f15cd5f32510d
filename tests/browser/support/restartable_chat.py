"""A chat that can be killed and restarted, at the same address and with the same data."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.deploy import deploy, forget_connections
from local.emulator_process import Emulator, emulator, free_port
from local.page import PageServer


@dataclass(frozen=True, slots=True)
class RestartableChat:
    """The folder with the data of a chat, and its ports."""

    folder: Path
    page: Path
    port: int = field(default_factory=free_port)
    page_port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.page_port}/"

    @contextmanager
    def running(self) -> Iterator[Emulator]:
        """Start the chat and the page, in the steps of `make run`."""
        with (
            PageServer(self.page_port, self.page) as server,
            self._emulator() as aws,
        ):
            endpoints = deploy(aws, folder=self.folder, say=print)
            forget_connections(aws, endpoints.connections_table)
            with server.serving(endpoints.web_socket_url):
                yield aws

    def _emulator(self) -> AbstractContextManager[Emulator]:
        return emulator(folder=self.folder, port=self.port, page_port=self.page_port, persist=True)


def kill(aws: Emulator) -> None:
    """Kill the emulator with SIGKILL, so that it has no time to save or to close connections."""
    assert aws.process is not None
    aws.process.kill()
    aws.process.wait()
