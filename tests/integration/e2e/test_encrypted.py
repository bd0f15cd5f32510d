"""A KMS key for a chat in use: no table is replaced, and no message is lost."""

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from local.deploy import NOTHING, STACK, Endpoints, client, deploy
from local.emulator_process import Emulator, emulator, free_port
from tests.support.clients.websocket import connected

KEY: Mapping[str, object] = {"encryptionKey": "own", "inlineLimit": 1}
"""Settings: a key, and the queue for every message, which the key encrypts too."""


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Start an emulator of its own."""
    with emulator(folder=tmp_path_factory.mktemp("aws"), port=free_port(), persist=False) as aws:
        yield aws


def test_a_key_may_be_given_and_taken_back(aws: Emulator, tmp_path: Path) -> None:
    """Earlier messages are in the same tables, with the key and after its removal."""
    room_id, said, places = uuid.uuid4().hex, list[str](), set[Endpoints]()

    for settings in (NOTHING, KEY, NOTHING):
        endpoints = deploy(aws, folder=tmp_path, say=print, settings=settings)
        places.add(endpoints)
        said.append(f"Deployed {len(said) + 1} times.")
        assert _texts(endpoints, room_id, said[-1], is_new=len(said) == 1) == said
        assert _has_key(aws) == (settings is KEY)

    assert len(places) == 1


def _texts(endpoints: Endpoints, room_id: str, text: str, *, is_new: bool) -> list[str]:
    """Let Alice send *text*; return the texts that Bob read on joining and then received."""
    url = endpoints.web_socket_url
    with connected(url, name="alice", key="alice" * 5) as alice, connected(url, name="bob") as bob:
        alice.ask("createRoom" if is_new else "joinRoom", roomId=room_id)
        joined = bob.ask("joinRoom", roomId=room_id)
        alice.say(room_id, text)
        heard = bob.next_event("message")
        return [it["text"] for it in (*joined["messages"], heard["message"])]


def _has_key(aws: Emulator) -> bool:
    resources = client("cloudformation", aws.url).describe_stack_resources(StackName=STACK)
    return "AWS::KMS::Key" in {it["ResourceType"] for it in resources["StackResources"]}
