"""What the push tests send, and how."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chat.gateway.fanout import Timeouts
from chat.gateway.push import GatewayPush
from chat.gateway.sigv4 import Credentials
from tests.support.gateway.server import OK, Answer, Gateway, Posted

Trust = Callable[[], ssl.SSLContext]
Start = Callable[..., tuple[Gateway, GatewayPush]]

FRAME = '{"type":"message","text":"🫖"}'.encode()
CALM = Timeouts(frame=30.0, post=10.0, slow=10.0, connect=10.0)
"""However busy the machine, nothing is given up, and no substitute is opened."""
BRIEF = Timeouts(frame=3.0, post=0.3, slow=0.05, connect=0.3)
"""For gateways that hang: what takes seconds in earnest takes a fraction here."""


def fine(_post: Posted, writer: asyncio.StreamWriter) -> None:
    """200, whoever it is for."""
    writer.write(OK)


def ids(count: int) -> list[str]:
    """Connection ids with the `=` of real ones."""
    return [f"c{n}=" for n in range(count)]


def first_time(refuse: Callable[[str], bytes | None]) -> Answer:
    """Answer a recipient's first post with what *refuse* says, if anything, and any other well."""
    met: set[str] = set()

    def answer(post: Posted, writer: asyncio.StreamWriter) -> None:
        refusal = None if post.connection_id in met else refuse(post.connection_id)
        met.add(post.connection_id)
        writer.write(refusal or OK)

    return answer


def push_to(
    url: str,
    *,
    tls_context: Trust = ssl.create_default_context,
    timeouts: Timeouts = CALM,
    credentials: Callable[[], Credentials] = lambda: Credentials("AKID", "secret", "token"),
) -> GatewayPush:
    """The engine, with made-up credentials."""
    return GatewayPush(
        url, region="us-east-1", credentials=credentials, tls_context=tls_context, timeouts=timeouts
    )


@contextmanager
def pushing_to(url: str, **options: Any) -> Iterator[GatewayPush]:
    """The engine, shut down in the end."""
    push = push_to(url, **options)
    try:
        yield push
    finally:
        push.shut_down()
