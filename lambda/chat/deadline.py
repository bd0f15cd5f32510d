"""One deadline for all of some work, where its own time-outs are for each of its parts."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

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
