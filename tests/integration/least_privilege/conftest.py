"""The chat of signed-in users, which has every function."""

from collections.abc import Iterator

import pytest

from tests.integration.least_privilege.chat import Chat
from tests.support.emulator import Pool


@pytest.fixture(scope="module")
def chat(pool: Pool) -> Iterator[Chat]:
    """Return the deployed chat with the settings of `LIMITS`."""
    names = ("alice", "bob", "carol", "dave")
    tokens = {name: str(pool.tokens(name)["AccessToken"]) for name in names}
    here = Chat(pool.emulator, pool.endpoints, tokens)
    with here.limited():
        yield here
