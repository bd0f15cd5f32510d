"""What one process remembers, up to a bound: a dictionary that forgets the oldest first."""

from typing import Generic, TypeVar

MOST = 10_000
"""Entries that are kept."""

Value = TypeVar("Value")


class BoundedDict(Generic[Value]):
    """Values by name, of which the one that was written longest ago goes first."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {}

    def get(self, name: str, default: Value) -> Value:
        """What is remembered under a name."""
        return self._values.get(name, default)

    def put(self, name: str, value: Value) -> None:
        """Remember it, as the newest."""
        self._values.pop(name, None)
        self._values[name] = value
        if len(self._values) > MOST:
            del self._values[next(iter(self._values))]
