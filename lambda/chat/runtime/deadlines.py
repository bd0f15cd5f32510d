"""The time an invocation has for AWS calls, so that the client hears an error, not nothing."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any, Protocol, TypeVar

RESERVE = 5.0
"""Seconds before the function's time-out at which no call is begun any more.

A call that is under way then ends within its read time-out, and the error has yet to be sent.
"""


class Context(Protocol):
    """What is needed of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Until the function is ended."""


class OutOfTimeError(Exception):
    """The invocation has used up its time."""


class InvocationDeadline:
    """A deadline for one invocation after another: a Lambda environment handles one at a time."""

    def __init__(self) -> None:
        self._deadline = float("inf")

    def start(self, remaining_ms: int) -> None:
        """Begin an invocation whose function ends in *remaining_ms*."""
        self._deadline = time.monotonic() + remaining_ms / 1000 - RESERVE

    def is_over(self) -> bool:
        """Whether no call may be begun any more."""
        return time.monotonic() > self._deadline

    def check(self, **_: Any) -> None:
        """Refuse to begin another attempt past the deadline; a botocore `before-send` hook."""
        if self.is_over():
            raise OutOfTimeError("no time left for another AWS call")


T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T:
    """What *work* returns or raises; raises `TimeoutError` when it is late.

    It is in a thread of its own, which is left behind then: what it still comes to is dropped.
    """
    outcome = Future[T]()
    Thread(target=_settle, args=(outcome, work), daemon=True).start()
    try:
        return outcome.result(seconds)
    finally:
        del outcome  # or an error, which knows this frame, would be kept in a cycle


def _settle(outcome: "Future[T]", work: Callable[[], T]) -> None:
    try:
        outcome.set_result(work())
    except BaseException as error:  # it is raised in the caller's thread, if that still waits
        outcome.set_exception(error)
    finally:
        del outcome  # likewise
