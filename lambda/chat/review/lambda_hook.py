"""A Lambda function as the review hook: one answer, and no longer than it may take."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError

from chat.review.review import HookError
from chat.runtime.deadlines import OutOfTimeError, within

LONGEST = 1024 * 1024
"""Bytes of an answer: the longest text there can be, escaped, fits."""

MOST_LATE = 8
"""Calls that nobody waits for any more and that still go on, above which no other is begun."""


class LambdaHook:
    """Asks *function*; *connect* makes the client when the first message comes.

    The SDK's time-outs are for connecting, and for each read, so that an answer that drips outlasts
    them. So *seconds* are waited for each call and no longer; one that is late shares nothing with
    the calls after it.
    """

    def __init__(self, connect: Callable[[], Any], *, function: str, seconds: float) -> None:
        self._connect = connect
        self._function = function
        self._seconds = seconds
        self._client: Any = None
        self._free = threading.Semaphore(MOST_LATE + 1)

    def __call__(self, question: bytes) -> bytes:
        """The function's answer; raises `HookError`."""
        self._client = self._client or self._connect()
        if not self._free.acquire(blocking=False):
            raise HookError("too many calls of the hook are late")
        try:
            return within(self._seconds, partial(self._asked, question))
        except (ClientError, BotoCoreError, OutOfTimeError, TimeoutError) as error:
            raise HookError("the hook was not reached, or was late") from error

    def _invoke(self, question: bytes) -> Any:
        """Twice, where a kept connection turns out dead: who is frozen does not hear it go."""
        try:
            return self._client.invoke(FunctionName=self._function, Payload=question)
        except ConnectionClosedError:
            return self._client.invoke(FunctionName=self._function, Payload=question)

    def _asked(self, question: bytes) -> bytes:
        try:
            answer = self._invoke(question)
            payload: bytes = answer["Payload"].read(LONGEST)
        finally:
            self._free.release()
        if "FunctionError" in answer:
            raise HookError("the hook failed")
        return payload
