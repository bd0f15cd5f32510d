"""Runs jobs side by side, one DynamoDB request at a time, in an order that the caller chooses."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

STUCK_AFTER = 30.0
"""The seconds after which a job that neither sends a request nor ends is a failure."""


class _Job(threading.Thread, Generic[T]):
    """A job that halts before each request until it is resumed."""

    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._resumed = threading.Semaphore(0)
        self._halted = threading.Semaphore(0)
        self.has_ended = False
        self.result: T | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Run the work, and report its end."""
        try:
            self.halt()
            self.result = self._work()
        except BaseException as error:  # it is raised in the test's own thread
            self.error = error
        self.has_ended = True
        self._halted.release()

    def halt(self) -> None:
        """Halt until the scheduler resumes this job."""
        self._halted.release()
        self._resumed.acquire()

    def resume(self) -> None:
        """Run up to the next request, or to the end."""
        self._resumed.release()
        self.wait()

    def wait(self) -> None:
        """Wait until the job has halted."""
        assert self._halted.acquire(timeout=STUCK_AFTER), "a job is stuck"


def interleaved(
    client: "DynamoDBClient", work: Sequence[Callable[[], T]], choose: Callable[[int], int]
) -> list[T]:
    """Return the results of all *work*.

    *choose* receives how many jobs can continue, and returns the index of the next.
    """
    jobs = [_Job(one) for one in work]
    with _halting(client):
        for job in jobs:
            job.start()
            job.wait()
        while running := [job for job in jobs if not job.has_ended]:
            running[choose(len(running))].resume()
    for job in jobs:
        job.join()
        if job.error:
            raise job.error
    return [job.result for job in jobs]  # type: ignore[misc]  # a job may return None


@contextmanager
def _halting(client: "DynamoDBClient") -> Iterator[None]:
    """Halt the current job before each request."""

    def halt(**_: Any) -> None:
        job = threading.current_thread()
        if isinstance(job, _Job):
            job.halt()

    client.meta.events.register("before-call.dynamodb", halt)
    try:
        yield
    finally:
        client.meta.events.unregister("before-call.dynamodb", halt)
