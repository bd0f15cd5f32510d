"""Deadlines for AWS calls, so that the client receives an error instead of no reply."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, Protocol, TypeVar

RESERVE = 5.0
"""Seconds before the function's time-out at which no further call starts.

They leave time for the last call to time out and for the error to be sent.
"""


class Context(Protocol):
    """Part of Lambda's context object that the functions use."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the function."""


class OutOfTimeError(Exception):
    """The invocation has no time left for another call."""


class InvocationDeadline:
    """Deadline of the current invocation; a Lambda environment handles one at a time."""

    def __init__(self) -> None:
        self._deadline = float("inf")

    def start(self, remaining_ms: int) -> None:
        """Set the deadline of an invocation that Lambda ends in *remaining_ms*."""
        self._deadline = time.monotonic() + remaining_ms / 1000 - RESERVE

    def is_over(self) -> bool:
        """Return whether no further call may start."""
        return time.monotonic() > self._deadline

    def check(self, **_: Any) -> None:
        """Raise OutOfTimeError after the deadline; used as a botocore `before-send` hook."""
        if self.is_over():
            raise OutOfTimeError("no time left for another AWS call")


T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T:
    """Run *work* in a thread and return its result, or raise its error.

    Raises `TimeoutError` after *seconds*. The thread then continues and its result is dropped.
    """
    outcome = Future[T]()
    Thread(target=_settle, args=(outcome, work), daemon=True).start()
    try:
        return outcome.result(seconds)
    finally:
        del outcome  # an error references this frame, which would keep both in a cycle


def _settle(outcome: "Future[T]", work: Callable[[], T]) -> None:
    try:
        outcome.set_result(work())
    except BaseException as error:  # raised in the caller's thread, if it still waits
        outcome.set_exception(error)
    finally:
        del outcome  # for the same reason
