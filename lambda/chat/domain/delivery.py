"""The outcome of a push."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of posting one frame to many connections."""

    delivered: int
    gone: tuple[str, ...]
    """Connections that no longer exist (410). Their items can be removed."""
    failed: tuple[str, ...]
    """Connections that were not reached in time. Their clients catch up by seq."""
