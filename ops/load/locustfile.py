"""What Locust runs: its users are the crowd's clients, its statistics the crowd's stopwatch."""

import itertools
import json
import os
from pathlib import Path

import gevent
import msgspec
from locust import User, events, task
from locust.env import Environment

from ops.load.plan import Plan
from ops.load.result import Times, outcome
from ops.load.users import Crowd, Stopwatch

PLAN = msgspec.json.decode(os.environ["LOAD_PLAN"], type=Plan)
RESULT = Path(os.environ["LOAD_RESULT"])
ARRIVAL_GRACE = 60.0
"""Seconds for the last to come, after they have been started."""

_numbers = itertools.count()
_times = Times()
_crowds: list[Crowd] = []


class Client(User):
    """One of the crowd; it has to be there, and the crowd says when it talks."""

    @task
    def attend(self) -> None:
        """Arrive, and stay until the load is over."""
        _crowds[0].arrive(next(_numbers))
        while True:
            gevent.sleep(3_600)


def begin(environment: Environment, **_: object) -> None:
    """Make the crowd, and conduct it beside Locust's own loop."""
    _crowds.append(Crowd(PLAN, _stopwatch(environment)))
    gevent.spawn(_conduct, environment, _crowds[0])


def finish(**_: object) -> None:
    """Keep the figures, of a load that was stopped early too, and leave nothing behind."""
    RESULT.write_text(json.dumps(outcome(_crowds[0], _times)))
    _crowds[0].leave()


events.test_start.add_listener(begin)  # type: ignore[no-untyped-call]  # Locust types it so
events.quitting.add_listener(finish)  # type: ignore[no-untyped-call]  # the same


def _conduct(environment: Environment, crowd: Crowd) -> None:
    try:
        crowd.everybody.wait(PLAN.clients / PLAN.arrivals + ARRIVAL_GRACE)
        crowd.run()
    finally:
        if environment.runner:
            environment.runner.quit()


def _stopwatch(environment: Environment) -> Stopwatch:
    def timed(name: str, seconds: float, error: Exception | None = None) -> None:
        _times.add(name, seconds * 1_000, failed=error is not None)
        environment.events.request.fire(  # type: ignore[no-untyped-call]  # the same
            request_type="WS",
            name=name,
            response_time=seconds * 1_000,
            response_length=0,
            exception=error,
            context={},
        )

    return timed
