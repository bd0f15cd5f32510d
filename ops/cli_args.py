"""What is given to a command as variables, as in `make load CLIENTS=100`."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from tools.common import UserError

T = TypeVar("T")


def numbers(given: Mapping[str, str], names: Iterable[str]) -> dict[str, float | int]:
    """Those of the variables that have a value; raises UserError for what is no number."""
    return {name: _number(name, given[name]) for name in names if given.get(name)}


def described(fields: Mapping[str, Any], kind: type[T], given: Mapping[str, str]) -> T:
    """A *kind* of these fields, each named as its variable in small letters.

    Raises UserError, which names the variable and says what was given and what is expected.
    """
    try:
        return msgspec.convert(dict(fields), kind)
    except msgspec.ValidationError as error:
        text, _, at = str(error).replace("`", "").partition(" - at $.")
        name = at.upper()
        raise UserError(f"{name}={given.get(name)}: {text[:1].lower()}{text[1:]}") from None


def _number(name: str, text: str) -> float | int:
    try:
        value = float(text.replace(",", "").replace("_", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UserError(f"{name}={text}: expected a number")
    return int(value) if value.is_integer() else value
