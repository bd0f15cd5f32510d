"""Handlers side by side, in every order of their DynamoDB requests that Hypothesis generates."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reliability.model.races import JOBS, RENEW, Job, anything, open_chat, run
from tests.support.hypothesis_profiles import PROFILE, generated

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


RACES = {
    "same id": [JOBS[0], JOBS[1]],
    "join and send": [JOBS[2], JOBS[4]],
    "two joins and a disconnect": [JOBS[4], JOBS[5], JOBS[9]],
    "join and leave": [JOBS[4], JOBS[6], JOBS[9]],
    "read and write": [JOBS[2], JOBS[3], JOBS[12]],
}
RENEWALS = {
    "renew and join": [RENEW, JOBS[4]],
    "renew, join and disconnect": [RENEW, JOBS[4], JOBS[9]],
}
SENDING = ("same id", "join and send", "read and write")
"""The races with messages. In a busy room they are written in two steps."""

EVERY = {
    **{name: (jobs, False) for name, jobs in (RACES | RENEWALS).items()},
    **{f"{name}, in a busy room": (RACES[name], True) for name in SENDING},
}
races = pytest.mark.parametrize(("jobs", "busy"), EVERY.values(), ids=EVERY.keys())

LONGEST = 10
"""The most requests that any of these jobs makes."""

HALTS = range(0, LONGEST, 5 if PROFILE == "unit" else 1)


@races
def test_one_halt(jobs: list[Job], busy: bool, emulator_dynamodb: "DynamoDBClient") -> None:
    """Each job in turn halts once, at each of its requests, while the others run first.

    All users have signed in, because the connection of a guest has no expiry to write.
    """
    for first in range(len(jobs)):
        turned = jobs[first:] + jobs[:first]
        for steps in HALTS:
            chat = open_chat(emulator_dynamodb, guests=False, busy=busy)
            run(chat, turned, _halting_after(steps))


def _halting_after(steps: int) -> Callable[[int], int]:
    """Choose the first job *steps* times, then the last job until it has ended."""
    left = iter(range(steps))
    return lambda running: 0 if next(left, None) is not None else running - 1


@races
def test_races(jobs: list[Job], busy: bool, emulator_dynamodb: "DynamoDBClient") -> None:
    """The races that the invariants are about keep them in many orders each."""

    @generated(full=6, soak=500)
    @given(data=st.data())
    def race(data: st.DataObject) -> None:
        guests = RENEW not in jobs and data.draw(st.booleans())
        chat = open_chat(emulator_dynamodb, guests=guests, busy=busy)
        run(chat, jobs, lambda n: data.draw(st.integers(0, n - 1)))

    race()


def test_any_jobs_at_once(emulator_dynamodb: "DynamoDBClient") -> None:
    """Any few frames at once keep the invariants, in any order of their requests."""
    anything(emulator_dynamodb, generated(full=30, soak=2000))()
