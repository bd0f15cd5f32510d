"""Locust's file: its users are the clients of the load test, and its statistics get the times."""

import itertools
import json
import os
from pathlib import Path

import gevent
import msgspec
from locust import User, events, task
from locust.env import Environment

from ops.load.load_test import LoadTest, RecordTime
from ops.load.plan import Plan
from ops.load.result import Times, outcome

PLAN = msgspec.json.decode(os.environ["LOAD_PLAN"], type=Plan)
RESULT = Path(os.environ["LOAD_RESULT"])
JOIN_SECONDS = 60.0
"""Longest wait for the last clients to join, after Locust has started them."""

_numbers = itertools.count()
_times = Times()
_tests: list[LoadTest] = []


class Client(User):
    """A client of the load test. The load test decides when it sends a message."""

    @task
    def stay_connected(self) -> None:
        """Connect and join, and stay until the load test is over."""
        _tests[0].connect_client(next(_numbers))
        while True:
            gevent.sleep(3_600)


def start(environment: Environment, **_: object) -> None:
    """Create the load test and run it beside Locust's own loop."""
    _tests.append(LoadTest(PLAN, _recorder(environment)))
    gevent.spawn(_run, environment, _tests[0])


def finish(**_: object) -> None:
    """Write the figures, also of a test that was stopped early, and delete its rooms."""
    RESULT.write_text(json.dumps(outcome(_tests[0], _times)))
    _tests[0].close()


events.test_start.add_listener(start)  # type: ignore[no-untyped-call]  # Locust types it so
events.quitting.add_listener(finish)  # type: ignore[no-untyped-call]  # the same


def _run(environment: Environment, test: LoadTest) -> None:
    """Run the load test when all clients have joined, then end Locust."""
    try:
        test.all_joined.wait(PLAN.clients / PLAN.arrivals + JOIN_SECONDS)
        test.run()
    finally:
        if environment.runner:
            environment.runner.quit()


def _recorder(environment: Environment) -> RecordTime:
    """Return a function that adds a time to our figures and to Locust's statistics."""

    def record_time(name: str, seconds: float, error: Exception | None = None) -> None:
        _times.add(name, seconds * 1_000, failed=error is not None)
        environment.events.request.fire(  # type: ignore[no-untyped-call]  # the same
            request_type="WS",
            name=name,
            response_time=seconds * 1_000,
            response_length=0,
            exception=error,
            context={},
        )

    return record_time
