"""The examples of docs/protocol.md are also true of the chat on DynamoDB."""

from typing import TYPE_CHECKING

import pytest

from tests.support.dynamodb import make_table
from tests.support.protocol.conversation import RATES, Conversation
from tests.support.protocol.document import Section, load
from tests.support.protocol.examples import Player
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.mark.parametrize(
    "section", [section for section in load() if section.examples], ids=lambda s: s.title
)
def test_examples_are_true(section: Section, emulator_dynamodb: "DynamoDBClient") -> None:
    """The chat on the real adapters sends what the page has, to the last word of an error."""
    talk = Conversation()
    tables = make_table(emulator_dynamodb), make_table(emulator_dynamodb)
    talk.chat.stores = Stores.dynamo(emulator_dynamodb, talk.chat.clock, tables=tables, rates=RATES)

    Player(talk).play(section)
