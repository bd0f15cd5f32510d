"""Clocks, and times on the wire and in the tables."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

CONNECTION_LIFE = timedelta(hours=2)
"""API Gateway ends a WebSocket connection after two hours:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
"""

CONNECTION_KEPT = CONNECTION_LIFE + timedelta(minutes=10)
"""Time for which a connection's items count if its `$disconnect` is lost."""


class Clock(Protocol):
    """A source of the time."""

    def now(self) -> datetime:
        """Return the present, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present, aware, in UTC."""
        return datetime.now(UTC)


def wire(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC with milliseconds, which sorts as text."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def unwire(text: str) -> datetime:
    """Return the moment that `wire` wrote."""
    return datetime.fromisoformat(text)
