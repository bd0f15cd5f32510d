"""The operator's ban closes connections in several runs if there are many."""

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from ops.bans import MAX_RUNS, ban
from ops.deployment import Deployment
from tools.common import UserError

OUTPUTS = {"RoomsTable": "rooms", "CloserName": "closer"}


class FakeAws(Deployment):
    """A deployment whose connection closer closes 400 connections a run."""

    def __init__(self, open_connections: int, *, stuck: int = 0, fails: bool = False) -> None:
        super().__init__("Chat-test", OUTPUTS)
        object.__setattr__(self, "calls", [])
        object.__setattr__(self, "_run", (open_connections, stuck, fails))

    calls: list[str]
    _run: tuple[int, int, bool]

    def client(self, service: str) -> Any:  # noqa: ARG002 - the fake is every service
        """Return this object as the client of every service."""
        return self

    def put_item(self, *, TableName: str, Item: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N803 - boto3's
        """Store a ban."""
        self.calls.append(f"{TableName} {Item['pk']['S']} {Item['sk']['S']}")
        return {}

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        """Close up to 400 connections."""
        self.calls.append(f"{FunctionName} {Payload}")
        found, stuck, fails = self._run
        forgotten = min(found, 400)
        object.__setattr__(self, "_run", (found - forgotten, stuck, fails))
        left = found - forgotten
        counts = {"found": found, "failed": stuck, "forgotten": forgotten, "left": left}
        error = {"FunctionError": "Unhandled"} if fails else {}
        return {"Payload": io.BytesIO(json.dumps(counts).encode()), **error}


def test_repeats_until_nothing_is_left() -> None:
    """1,000 connections take three runs, after the ban is stored."""
    aws = FakeAws(1_000)

    said = ban("u-eve", aws)

    run = 'closer {"userId": "u-eve"}'
    assert aws.calls == ["rooms USER#u-eve BAN", run, run, run]
    assert said == "u-eve is banned from Chat-test; connections closed: 1000"


def test_says_what_is_left() -> None:
    """A ban that needs more than ten runs reports the connections that are left."""
    with pytest.raises(UserError, match=r"600 connections are still open: repeat the command"):
        ban("u-eve", FakeAws(400 * MAX_RUNS + 600))


def test_says_what_could_not_be_closed() -> None:
    """API Gateway may not close a connection. It can neither send nor receive."""
    with pytest.raises(UserError, match="2 connections could not be closed"):
        ban("u-eve", FakeAws(5, stuck=2))


def test_says_that_the_function_failed() -> None:
    """The ban is stored, and the operator is asked to repeat the command."""
    with pytest.raises(UserError, match="is banned; closing their connections failed"):
        ban("u-eve", FakeAws(5, fails=True))
