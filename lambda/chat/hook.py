"""A Lambda function as the review hook: one call, no retries, and no longer than it may take."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chat.budget import OutOfTimeError
from chat.review import HookError

LONGEST = 1024 * 1024
"""Bytes of an answer: the longest text there can be, escaped, fits."""


class LambdaHook:
    """Asks *function*; *connect* makes the client when the first message comes."""

    def __init__(self, connect: Callable[[], Any], *, function: str) -> None:
        self._connect = connect
        self._function = function
        self._client: Any = None

    def __call__(self, question: bytes) -> bytes:
        """The function's answer; raises `HookError`."""
        self._client = self._client or self._connect()
        try:
            answer = self._client.invoke(FunctionName=self._function, Payload=question)
            payload: bytes = answer["Payload"].read(LONGEST)
        except (ClientError, BotoCoreError, OutOfTimeError) as error:
            raise HookError("the hook was not reached, or was late") from error
        if "FunctionError" in answer:
            raise HookError("the hook failed")
        return payload
