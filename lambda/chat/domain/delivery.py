"""The outcome of a push."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one frame's posts."""

    delivered: int
    gone: tuple[str, ...]
    """Connections that no longer exist: forget them."""
    failed: tuple[str, ...]
    """Out of retries or out of time: they will catch up by seq."""
