"""Fixtures: a gateway with given answers, and a push to it."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from chat.gateway.push import GatewayPush
from tests.support.gateway.sending import Start, push_to
from tests.support.gateway.server import Answer, Gateway, gateway


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a gateway with given answers, and a push to it."""
    with ExitStack() as stack:

        def begin(answer: Answer, **options: Any) -> tuple[Gateway, GatewayPush]:
            here = stack.enter_context(gateway(answer))
            push = push_to(here.url, **options)
            stack.callback(push.shut_down)
            return here, push

        yield begin
