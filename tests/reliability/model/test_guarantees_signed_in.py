"""The guarantees hold without guests: tokens expire, are renewed, and connections are closed."""

from typing import TYPE_CHECKING

from hypothesis.stateful import run_state_machine_as_test

from tests.reliability.model.signed_in_machine import SignedInMachine
from tests.reliability.model.simulation import DynamoSimulation
from tests.support.hypothesis_profiles import generated

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def test_holds_on_fakes() -> None:
    """Handlers keep every guarantee, whichever token expires meanwhile."""
    run_state_machine_as_test(SignedInMachine, settings=generated(full=150, soak=1000))


def test_holds_on_the_real_adapter(emulator_dynamodb: "DynamoDBClient") -> None:
    """The same handlers keep every guarantee with DynamoDB."""

    class DynamoMachine(SignedInMachine):
        make_simulation = staticmethod(lambda: DynamoSimulation(emulator_dynamodb, guests=False))

    run_state_machine_as_test(DynamoMachine, settings=generated(full=5, soak=60))
