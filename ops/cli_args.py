"""Variables of a command, as in `make load CLIENTS=100`."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from tools.common import UserError

T = TypeVar("T")


def numbers(variables: Mapping[str, str], names: Iterable[str]) -> dict[str, float | int]:
    """Return the numbers of the named variables that are set. Raises UserError."""
    return {name: _number(name, variables[name]) for name in names if variables.get(name)}


def parse_struct(fields: Mapping[str, Any], kind: type[T], variables: Mapping[str, str]) -> T:
    """Return a *kind* with these fields. Each field has the name of its variable in lower case.

    Raises UserError with the variable, its value and what was expected.
    """
    try:
        return msgspec.convert(dict(fields), kind)
    except msgspec.ValidationError as error:
        text, _, at = str(error).replace("`", "").partition(" - at $.")
        name = at.upper()
        raise UserError(f"{name}={variables.get(name)}: {text[:1].lower()}{text[1:]}") from None


def _number(name: str, text: str) -> float | int:
    """Return the number of a variable, which may contain commas. Raises UserError."""
    try:
        value = float(text.replace(",", "").replace("_", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UserError(f"{name}={text}: expected a number")
    return int(value) if value.is_integer() else value
