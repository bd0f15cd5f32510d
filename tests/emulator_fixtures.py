"""One emulated AWS for the whole test session, and the chat deployed on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.aws import Emulator, emulator, free_port
from local.deploy import deploy


@dataclass(frozen=True, slots=True)
class Stack:
    """The deployed chat: where clients connect, where AWS calls go, what holds the data."""

    web_socket_url: str
    endpoint_url: str
    connections_table: str
    rooms_table: str
    log: Path


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A running emulator, with nothing in it at first."""
    folder = tmp_path_factory.mktemp("aws")
    with emulator(folder=folder, port=free_port(), persist=False) as running:
        yield running


@pytest.fixture(scope="session")
def emulator_url(aws: Emulator) -> str:
    """The endpoint of an emulated AWS."""
    return aws.url


@pytest.fixture(scope="session")
def stack(aws: Emulator) -> Stack:
    """The chat, deployed by the real CDK."""
    endpoints = deploy(aws, folder=aws.log.parent, say=print)
    return Stack(
        web_socket_url=endpoints.web_socket_url,
        endpoint_url=aws.url,
        connections_table=endpoints.connections_table,
        rooms_table=endpoints.rooms_table,
        log=aws.log,
    )
