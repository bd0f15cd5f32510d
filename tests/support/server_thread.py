"""Runs a server in a thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def running_in_thread(serve: Callable[[], None], *, stop: Callable[[], None]) -> Iterator[None]:
    """Call *serve* in a thread within the context. At the end, call *stop* and join the thread."""
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()
