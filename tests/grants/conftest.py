"""A chat of its own to take rights from: signed in, so that it has every function."""

from collections.abc import Iterator

import pytest

from local.aws import emulator, free_port
from local.deploy import deploy
from local.users import make_user, sign_in
from tests.grants.chat import Chat


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """The deployed chat."""
    folder = tmp_path_factory.mktemp("grants")
    with emulator(folder=folder, port=free_port(), persist=False) as aws:
        endpoints = deploy(aws, folder=folder, say=print, identity="cognito")
        tokens = {}
        for name in ("alice", "bob", "carol"):
            password = make_user(aws.url, endpoints, name)
            tokens[name] = sign_in(aws.url, endpoints, name, password)["AccessToken"]
        here = Chat(aws, endpoints, tokens)
        here.limit()
        yield here
