"""Calls a Lambda function as the review hook, with a time-out."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError

from chat.review.review import HookError
from chat.runtime.deadlines import OutOfTimeError, within

MAX_ANSWER_BYTES = 1024 * 1024
"""Bytes of an answer: the longest allowed text fits, even if escaped."""

MAX_LATE_CALLS = 8
"""Late calls that still run, above which no further call starts."""


class LambdaHook:
    """Client of the review function; *connect* makes the AWS client for the first message.

    botocore's time-outs bound the connection and each read, so a slow answer can outlast them.
    Therefore each call runs in a thread and the caller waits *seconds* at most.
    """

    def __init__(self, connect: Callable[[], Any], *, function: str, seconds: float) -> None:
        self._connect = connect
        self._function = function
        self._seconds = seconds
        self._client: Any = None
        self._free = threading.Semaphore(MAX_LATE_CALLS + 1)

    def __call__(self, question: bytes) -> bytes:
        """Send *question* to the function and return its answer. Raises `HookError`."""
        self._client = self._client or self._connect()
        if not self._free.acquire(blocking=False):
            raise HookError("too many late calls of the review function")
        try:
            return within(self._seconds, partial(self._call, question))
        except (ClientError, BotoCoreError, OutOfTimeError, TimeoutError) as error:
            raise HookError("the review function was not reached in time") from error

    def _invoke(self, question: bytes) -> Any:
        """Invoke the function, twice if the pooled connection was closed.

        It may close while the Lambda environment is frozen.
        """
        try:
            return self._client.invoke(FunctionName=self._function, Payload=question)
        except ConnectionClosedError:
            return self._client.invoke(FunctionName=self._function, Payload=question)

    def _call(self, question: bytes) -> bytes:
        try:
            answer = self._invoke(question)
            payload: bytes = answer["Payload"].read(MAX_ANSWER_BYTES)
        finally:
            self._free.release()
        if "FunctionError" in answer:
            raise HookError("the review function failed")
        return payload
