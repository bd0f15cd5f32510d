"""One emulated AWS for the whole test session, and the chat deployed on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest

from local.deploy import UNBOUNDED, Endpoints, client, deploy
from local.emulator_process import Emulator, emulator, free_port
from local.users import make_user, sign_in
from tests.support.item_kinds import items_without_end


@dataclass(frozen=True, slots=True)
class Stack:
    """The deployed chat: its URL, the endpoint of AWS calls, and its tables."""

    web_socket_url: str
    endpoint_url: str
    connections_table: str
    rooms_table: str
    log: Path
    page_port: int
    """Port of the page whose requests the emulator accepts."""
    proxy_port: int
    """Port of a proxy whose requests the emulator accepts."""
    sign_in: Callable[[str], str] | None = None
    """Function that creates a user of a name and returns a token; None if users are guests."""

    @classmethod
    def of(
        cls, aws: Emulator, endpoints: Endpoints, *, sign_in: Callable[[str], str] | None = None
    ) -> Self:
        """Return the chat that is deployed on *aws*."""
        return cls(
            web_socket_url=endpoints.web_socket_url,
            endpoint_url=aws.url,
            connections_table=endpoints.connections_table,
            rooms_table=endpoints.rooms_table,
            log=aws.log,
            page_port=aws.page_port,
            proxy_port=aws.proxy_port,
            sign_in=sign_in,
        )


@dataclass(frozen=True, slots=True)
class Pool:
    """A deployed chat with a user pool, and its users."""

    emulator: Emulator
    endpoints: Endpoints
    _passwords: dict[str, str] = field(default_factory=dict)

    def tokens(self, name: str) -> dict[str, Any]:
        """Sign in a user; return the tokens of Cognito."""
        return sign_in(self.emulator.url, self.endpoints, name, self.password(name))

    @property
    def stack(self) -> Stack:
        """Return the chat of these users."""
        return Stack.of(
            self.emulator,
            self.endpoints,
            sign_in=lambda name: str(self.tokens(name)["AccessToken"]),
        )

    def password(self, name: str) -> str:
        """Return the password of a user, who is created by the first call."""
        if name not in self._passwords:
            self._passwords[name] = make_user(self.emulator.url, self.endpoints, name)
        return self._passwords[name]


@pytest.fixture(scope="session")
def wanted_emulator(request: pytest.FixtureRequest) -> None:
    """Fail where emulators are deselected: a test that uses one lacks its marker."""
    if "not emulator" in request.config.option.markexpr:
        pytest.fail("this test starts an emulator; see tests/conftest.py")


@pytest.fixture(scope="session")
def aws(
    tmp_path_factory: pytest.TempPathFactory,
    wanted_emulator: None,  # noqa: ARG001 - a check
) -> Iterator[Emulator]:
    """Start an emulator without any resource."""
    folder = tmp_path_factory.mktemp("aws")
    with emulator(folder=folder, port=free_port(), persist=False) as running:
        yield running


@pytest.fixture(scope="session")
def emulator_url(aws: Emulator) -> str:
    """Return the endpoint of the emulated AWS."""
    return aws.url


@pytest.fixture(scope="session")
def stack(aws: Emulator) -> Iterator[Stack]:
    """Deploy the chat with the CDK. Fails at the end if an item is kept without a reason."""
    endpoints = deploy(aws, folder=aws.log.parent, say=print, settings=UNBOUNDED)
    yield Stack.of(aws, endpoints)
    assert _items_without_end(aws, endpoints) == []


@pytest.fixture(scope="session")
def pool(
    tmp_path_factory: pytest.TempPathFactory,
    wanted_emulator: None,  # noqa: ARG001 - a check
) -> Iterator[Pool]:
    """Deploy a chat with a user pool on an emulator of its own."""
    folder = tmp_path_factory.mktemp("signed-in")
    with emulator(folder=folder, port=free_port(), persist=False) as running:
        endpoints = deploy(
            running, folder=folder, say=print, identity="cognito", settings=UNBOUNDED
        )
        yield Pool(running, endpoints)
        assert _items_without_end(running, endpoints) == []


def _items_without_end(emulator: Emulator, endpoints: Endpoints) -> list[str]:
    """Return the items of the tables that docs/architecture/data-model.md has no reason to keep."""
    scan = client("dynamodb", emulator.url).get_paginator("scan")
    tables = (endpoints.connections_table, endpoints.rooms_table)
    pages = (page for table in tables for page in scan.paginate(TableName=table))
    return items_without_end(item for page in pages for item in page["Items"])


@pytest.fixture(scope="session")
def signed_in_stack(pool: Pool) -> Stack:
    """Return the chat of signed-in users."""
    return pool.stack
