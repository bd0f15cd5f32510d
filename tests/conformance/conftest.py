"""Who is in the conformance suite: alice and bob, on the chat that is tried."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.conformance.client import Connect, ValidatingClient
from tests.conformance.endpoint import Endpoint
from tests.conformance.report import Report


@pytest.fixture(scope="session")
def endpoint(request: pytest.FixtureRequest) -> Endpoint:
    """The chat that is tried."""
    plugins = request.config.pluginmanager.get_plugins()
    (report,) = (plugin for plugin in plugins if isinstance(plugin, Report))
    return report.endpoint


@pytest.fixture(scope="session")
def speaker(endpoint: Endpoint) -> Iterator[ValidatingClient]:
    """A connection of alice that is in no room, for what needs none."""
    with endpoint.client("alice") as alice:
        yield alice


@pytest.fixture
def connect(endpoint: Endpoint) -> Iterator[Connect]:
    """Connects alice and bob, as often as asked, and hangs up in the end."""
    with ExitStack() as people:
        yield lambda name: people.enter_context(endpoint.client(name))


@pytest.fixture
def alice(connect: Connect) -> ValidatingClient:
    """She owns the room."""
    return connect("alice")


@pytest.fixture
def bob(connect: Connect) -> ValidatingClient:
    """Somebody else."""
    return connect("bob")


@pytest.fixture
def room(alice: ValidatingClient, endpoint: Endpoint) -> Iterator[str]:
    """A public room of alice's, in which she is; it is deleted in the end."""
    yield from _room_of(alice, endpoint)


@pytest.fixture
def private(alice: ValidatingClient, endpoint: Endpoint) -> Iterator[str]:
    """A private room of alice's, in which she is; it is deleted in the end."""
    yield from _room_of(alice, endpoint, visibility="private")


def _room_of(alice: ValidatingClient, endpoint: Endpoint, **fields: str) -> Iterator[str]:
    room_id = alice.get("createRoom", "roomCreated", name="Conformance", **fields)["room"]["roomId"]
    yield room_id
    with endpoint.client("alice") as cleaner:  # alice's own line may be what is broken
        while cleaner.ask("deleteRoom", roomId=room_id).get("complete") is False:
            pass
