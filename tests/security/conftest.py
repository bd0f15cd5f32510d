"""The rooms under attack, and a check of every log line that the attacks cause."""

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from chat.observability.logs import JsonFormatter
from tests.security.attacked_chat import AttackedChat, AttackLog, MakeChat
from tests.security.attacked_rooms import AttackedRooms

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module", autouse=True)
def attack_log(emulator_dynamodb: "DynamoDBClient") -> Iterator[AttackLog]:
    """Assert that each log line is one JSON object, and that no secret is in a log or a table."""
    del emulator_dynamodb  # the emulation must end after this fixture
    attack_log, logger = AttackLog(), logging.getLogger("chat")
    handler = logging.StreamHandler(attack_log.log)
    handler.setFormatter(JsonFormatter())
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield attack_log
    logger.removeHandler(handler)
    logger.setLevel(level)
    assert all(isinstance(json.loads(line), dict) for line in attack_log.lines)
    places = {"the log": attack_log.log.getvalue()}
    places |= {f"tables {n}": chat.stored_and_pushed() for n, chat in enumerate(attack_log.chats)}
    for secret in attack_log.secrets:
        for place, text in places.items():
            assert secret not in text, f"a secret is in {place}"


@pytest.fixture(scope="module")
def make_chat(emulator_dynamodb: "DynamoDBClient", attack_log: AttackLog) -> MakeChat:
    """Return a function that makes an empty chat, whose log and tables are checked at the end."""

    def make(**options: int) -> AttackedChat:
        attack_log.chats.append(
            AttackedChat(emulator_dynamodb, attack_log.secrets, attack_log.log, **options)
        )
        return attack_log.chats[-1]

    return make


@pytest.fixture(scope="module")
def rooms(make_chat: MakeChat) -> AttackedRooms:
    """Provide the rooms of a module.

    Attacks change nothing, and what is allowed is undone.
    """
    return AttackedRooms(make_chat())
