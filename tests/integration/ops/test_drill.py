"""The drill of docs/recovery.md, from the first message to the return to the original table."""

import re
from pathlib import Path
from typing import Any

import pytest

from local.deploy import deploy
from local.emulator_process import emulator, free_port
from tests.support.clients.websocket import connected
from tests.support.operators import announced_chat, operate

TEA = {"roomId": "tea"}


@pytest.mark.timeout(240)
def test_works_with_a_copy_and_with_the_original_again(tmp_path: Path) -> None:
    """The copy has the messages until the restore; a client that knows later ones cannot resume."""
    with emulator(folder=tmp_path, port=free_port(), persist=False) as aws:

        def deployed(**settings: object) -> str:
            return deploy(aws, folder=tmp_path, say=print, settings=settings).web_socket_url

        url = deployed()
        with connected(url, name="alice") as alice:
            epoch = alice.ask("createRoom", **TEA)["room"]["epoch"]
            alice.say("tea", "before")
            copy = restored(tmp_path, url)
            alice.say("tea", "after")

        on_the_copy = joined(deployed(roomsTable=copy), says="on the copy", epoch=epoch, after=2)
        on_the_original = joined(deployed(), says="back", epoch=epoch, after=2)

    assert on_the_copy["resumed"] is False
    assert texts(on_the_copy) == ["before"]
    assert on_the_original["resumed"] is True
    assert texts(on_the_original) == []
    assert on_the_original["room"]["lastSeq"] == 2


def restored(folder: Path, url: str) -> str:
    """Restore the rooms; return the name of the copy."""
    with announced_chat(folder, url):
        status, out, err = operate("restore", folder)
    assert status == 0, err
    copy = re.search(r'"roomsTable": "(.*)"', out)
    assert copy is not None
    return copy[1]


def joined(url: str, *, says: str, **place: Any) -> dict[str, Any]:
    """Join again with the claim *place*, then send a message; return the reply to the join."""
    with connected(url, name="bob") as bob:
        reply: dict[str, Any] = bob.ask("joinRoom", **TEA, **place)
        bob.say("tea", says)
    return reply


def texts(reply: dict[str, Any]) -> list[str]:
    """Return the texts of a reply, in order."""
    return [message["text"] for message in reply["messages"]]
