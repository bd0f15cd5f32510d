"""The chat that rights are taken from: signed in to, so that it has every function."""

from collections.abc import Iterator

import pytest

from tests.integration.least_privilege.chat import Chat
from tests.support.emulator import Pool


@pytest.fixture(scope="module")
def chat(pool: Pool) -> Iterator[Chat]:
    """The deployed chat, where few are a crowd already."""
    names = ("alice", "bob", "carol", "dave")
    tokens = {name: str(pool.tokens(name)["AccessToken"]) for name in names}
    here = Chat(pool.emulator, pool.endpoints, tokens)
    with here.limited():
        yield here
