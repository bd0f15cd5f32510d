"""Fixtures of the conformance suite: the tested chat, and its users alice and bob."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.conformance.client import Connect, ValidatingClient
from tests.conformance.endpoint import Endpoint
from tests.conformance.report import Report


@pytest.fixture(scope="session")
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    """Return the tested chat."""
    plugins = request.config.pluginmanager.get_plugins()
    (report,) = (plugin for plugin in plugins if isinstance(plugin, Report))
    return report.endpoint


@pytest.fixture(scope="session")
def speaker(endpoint: Endpoint) -> Iterator[ValidatingClient]:
    """Return a connection of alice that is in no room."""
    with endpoint.client("alice") as alice:
        yield alice


@pytest.fixture
def connect(endpoint: Endpoint) -> Iterator[Connect]:
    """Return a function that connects alice or bob; close all connections in the end."""
    with ExitStack() as people:
        yield lambda name: people.enter_context(endpoint.client(name))


@pytest.fixture
def alice(connect: Connect) -> ValidatingClient:
    """Return a connection of alice, who owns the room."""
    return connect("alice")


@pytest.fixture
def bob(connect: Connect) -> ValidatingClient:
    """Return a connection of bob, a user without a role."""
    return connect("bob")


@pytest.fixture
def room(alice: ValidatingClient, endpoint: Endpoint) -> Iterator[str]:
    """Return a public room that alice created and is in; delete it in the end."""
    yield from _room_of(alice, endpoint)


@pytest.fixture
def private(alice: ValidatingClient, endpoint: Endpoint) -> Iterator[str]:
    """Return a private room that alice created and is in; delete it in the end."""
    yield from _room_of(alice, endpoint, visibility="private")


def _room_of(alice: ValidatingClient, endpoint: Endpoint, **fields: str) -> Iterator[str]:
    room_id = alice.get("createRoom", "roomCreated", name="Conformance", **fields)["room"]["roomId"]
    yield room_id
    with endpoint.client("alice") as cleaner:  # alice's own connection may be broken
        while cleaner.ask("deleteRoom", roomId=room_id).get("complete") is False:
            pass
