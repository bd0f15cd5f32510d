"""Frames, recipients and time-outs of the push tests."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chat.gateway.push import GatewayPush
from chat.gateway.sigv4 import Credentials
from chat.gateway.timeouts import Timeouts
from tests.support.gateway.server import OK, Answer, Gateway, Posted

Trust = Callable[[], ssl.SSLContext]
Start = Callable[..., tuple[Gateway, GatewayPush]]

FRAME = '{"type":"message","text":"🫖"}'.encode()
CALM = Timeouts(frame=30.0, post=10.0, slow=10.0, connect=10.0)
"""Time-outs that no busy machine exceeds."""
BRIEF = Timeouts(frame=3.0, post=0.3, slow=0.05, connect=0.3)
"""Short time-outs, for gateways that hang."""


def change_post_timeout(timeouts: Timeouts, seconds: float) -> None:
    """Change the time-out of posts during a push, so that the test decides when posts time out.

    The push reads it at every check, so the speed of the machine does not matter.
    """
    object.__setattr__(timeouts, "post", seconds)


def fine(_post: Posted, writer: asyncio.StreamWriter) -> None:
    """Answer 200 for every recipient."""
    writer.write(OK)


def ids(count: int) -> list[str]:
    """Return connection ids with the `=` of real ones."""
    return [f"c{n}=" for n in range(count)]


def first_time(refuse: Callable[[str], bytes | None]) -> Answer:
    """Answer a recipient's first post by *refuse*, if it returns something, and others with 200."""
    met: set[str] = set()

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        error = None if post.connection_id in met else refuse(post.connection_id)
        met.add(post.connection_id)
        writer.write(error or OK)

    return answer


def push_to(
    url: str,
    *,
    tls_context: Trust = ssl.create_default_context,
    timeouts: Timeouts = CALM,
    credentials: Callable[[], Credentials] = lambda: Credentials("AKID", "secret", "token"),
) -> GatewayPush:
    """Return the pusher, with made-up credentials."""
    return GatewayPush(
        url, region="us-east-1", credentials=credentials, tls_context=tls_context, timeouts=timeouts
    )


@contextmanager
def pushing_to(url: str, **options: Any) -> Iterator[GatewayPush]:
    """Yield the pusher; shut it down in the end."""
    push = push_to(url, **options)
    try:
        yield push
    finally:
        push.shut_down()
