"""The town under attack, and a watch over every log line of the attacks."""

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from chat.observability.logs import JsonFormatter
from tests.security.attacked_chat import Fortress, MakeFortress, Told
from tests.security.attacked_rooms import Town
from tests.support.dynamodb import dynamodb

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="module")
def moto_dynamodb() -> Iterator["DynamoDBClient"]:
    """DynamoDB in this process."""
    with mock_aws():
        yield dynamodb()


@pytest.fixture(scope="module", autouse=True)
def told(moto_dynamodb: "DynamoDBClient") -> Iterator[Told]:
    """Watch a module: each log line is one JSON object, and no secret is in a log or a table."""
    del moto_dynamodb  # it is to end after this
    told, logger = Told(), logging.getLogger("chat")
    handler = logging.StreamHandler(told.log)
    handler.setFormatter(JsonFormatter())
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield told
    logger.removeHandler(handler)
    logger.setLevel(level)
    assert all(isinstance(json.loads(line), dict) for line in told.lines)
    places = {"the log": told.log.getvalue()}
    places |= {f"tables {n}": fortress.kept() for n, fortress in enumerate(told.fortresses)}
    for secret in told.secrets:
        for place, text in places.items():
            assert secret not in text, f"a secret is in {place}"


@pytest.fixture(scope="module")
def make_fortress(moto_dynamodb: "DynamoDBClient", told: Told) -> MakeFortress:
    """Makes an empty chat, watched like all of the module."""

    def make(**options: int) -> Fortress:
        told.fortresses.append(Fortress(moto_dynamodb, told.secrets, told.log, **options))
        return told.fortresses[-1]

    return make


@pytest.fixture(scope="module")
def town(make_fortress: MakeFortress) -> Town:
    """One for a module: attacks change nothing, and what is allowed is undone."""
    return Town(make_fortress())
