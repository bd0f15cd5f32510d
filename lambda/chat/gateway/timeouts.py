"""Time-outs of a push."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time-outs of a push, in seconds."""

    frame: float = 5.0
    """All posts of a frame. Clients that are not reached by then catch up by seq."""
    post: float = 1.0
    """One post. After it, the post is repeated only if its connection was reused."""
    slow: float = 0.1
    """After it, another connection takes over the posts that wait behind a slow one."""
    connect: float = 2.0
    idle: float = 30.0
    """After it, an idle connection is not reused, since its peer may have closed it.

    It is measured by the wall clock, which continues while the function is frozen.
    """


DEFAULT_TIMEOUTS = Timeouts()
