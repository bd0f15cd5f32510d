"""DynamoDB's notation of values, of the kinds that the tables hold.

boto3 has this too, for every kind there is; importing it costs a start some 20 ms.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

_READ: Mapping[str, Callable[[Any], Any]] = {
    "S": str,
    "N": Decimal,
    "BOOL": bool,
    "SS": set,
    "NS": lambda values: {Decimal(value) for value in values},
    "L": lambda values: [from_wire(value) for value in values],
    "M": lambda values: {key: from_wire(value) for key, value in values.items()},
}


def to_wire(value: object) -> dict[str, Any]:
    """A value in DynamoDB's notation; raises `TypeError` for what no item holds."""
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int() | Decimal():
            return {"N": str(value)}
        case set() | frozenset() if all(isinstance(each, str) for each in value):
            return {"SS": sorted(value)}
        case set() | frozenset():
            return {"NS": [str(each) for each in sorted(value)]}
        case list() | tuple():
            return {"L": [to_wire(each) for each in value]}
        case Mapping():
            return {"M": {key: to_wire(each) for key, each in value.items()}}
    raise TypeError(f"{type(value).__name__} has no place in an item")


def from_wire(value: Mapping[str, Any]) -> Any:
    """A value in DynamoDB's notation as a plain one; numbers are `Decimal`."""
    ((kind, content),) = value.items()
    return _READ[kind](content)
