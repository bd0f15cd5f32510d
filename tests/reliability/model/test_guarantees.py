"""The guarantees hold for any order of actions and any result of their frames."""

from typing import TYPE_CHECKING

import pytest
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from tests.reliability.model.chat_machine import ChatMachine
from tests.reliability.model.simulation import DynamoSimulation
from tests.support.hypothesis_profiles import generated

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def test_holds_on_fakes() -> None:
    """Handlers keep every guarantee, over hundreds of lives of two rooms."""
    run_state_machine_as_test(ChatMachine, settings=generated(full=150, soak=1000))


@pytest.fixture
def dynamo_machine(emulator_dynamodb: "DynamoDBClient") -> type[ChatMachine]:
    """Return the state machine with the real adapter behind the handlers."""

    class DynamoMachine(ChatMachine):
        make_simulation = staticmethod(lambda: DynamoSimulation(emulator_dynamodb))

    return DynamoMachine


def test_holds_on_the_real_adapter(dynamo_machine: type[ChatMachine]) -> None:
    """The same handlers keep every guarantee with DynamoDB."""
    run_state_machine_as_test(dynamo_machine, settings=generated(full=5, soak=60))
