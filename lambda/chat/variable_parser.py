"""Reads typed values from environment variables."""

from collections.abc import Mapping
from typing import NoReturn


class ConfigError(Exception):
    """An environment variable is missing or malformed; the text names it."""


class Environment:
    """Environment variables by name; each method raises `ConfigError`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def __contains__(self, name: str) -> bool:
        return name in self._variables

    def text(self, name: str) -> str:
        """Return the value of a variable; it may be empty."""
        try:
            return self._variables[name]
        except KeyError:
            raise ConfigError(f"{name}: the environment variable is missing") from None

    def name(self, name: str) -> str:
        """Return a value that must not be empty: a name, a URL, an ARN."""
        return self.text(name) or malformed(name, "", "a value")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the values of a list, which spaces separate."""
        return tuple(self.text(name).split())

    def integer(self, name: str) -> int:
        """Return a whole number."""
        try:
            return int(self.text(name))
        except ValueError:
            return malformed(name, self.text(name), "a whole number")

    def number(self, name: str) -> float:
        """Return a number."""
        try:
            return float(self.text(name))
        except ValueError:
            return malformed(name, self.text(name), "a number")

    def flag(self, name: str) -> bool:
        """Return whether a variable is `true`; every other value but `false` is malformed."""
        match self.text(name):
            case "true":
                return True
            case "false":
                return False
            case value:
                return malformed(name, value, "true or false")


def malformed(name: str, value: str, expected: str) -> NoReturn:
    """Raise `ConfigError` for a variable whose value is not *expected*."""
    raise ConfigError(f"{name}: expected {expected}, got {value!r}")
