"""A dictionary of bounded size, for what a process remembers between invocations."""

from typing import Generic, TypeVar

MAX_ENTRIES = 10_000

Value = TypeVar("Value")


class BoundedDict(Generic[Value]):
    """Values by name. Above 10,000 entries the one that was written longest ago is dropped."""

    def __init__(self) -> None:
        self._values: dict[str, Value] = {}

    def get(self, name: str, default: Value) -> Value:
        """Return the value of a name, or *default*."""
        return self._values.get(name, default)

    def put(self, name: str, value: Value) -> None:
        """Store a value as the newest."""
        self._values.pop(name, None)
        self._values[name] = value
        if len(self._values) > MAX_ENTRIES:
            del self._values[next(iter(self._values))]
