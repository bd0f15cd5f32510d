"""Marshalling of attribute values: writes the types that the tables hold, and reads every type.

A later version may write an attribute of any type. This version reads past it.

boto3 has the same for every type. Importing it would add about 20 ms to a start.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

_READ: Mapping[str, Callable[[Any], Any]] = {
    "S": str,
    "N": Decimal,
    "BOOL": bool,
    "B": bytes,
    "NULL": lambda _: None,
    "SS": set,
    "NS": lambda values: {Decimal(value) for value in values},
    "BS": lambda values: {bytes(value) for value in values},
    "L": lambda values: [unmarshal(value) for value in values],
    "M": lambda values: {key: unmarshal(value) for key, value in values.items()},
}


def marshal(value: object) -> dict[str, Any]:
    """Return a value in DynamoDB's notation; raise TypeError for a type that no item holds."""
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
            return {"L": [marshal(each) for each in value]}
        case Mapping():
            return {"M": {key: marshal(each) for key, each in value.items()}}
    raise TypeError(f"an item cannot hold a value of type {type(value).__name__}")


def unmarshal(value: Mapping[str, Any]) -> Any:
    """Return the plain value of one in DynamoDB's notation. Numbers become `Decimal`.

    Null, and a type that DynamoDB does not have yet, become None.
    """
    ((kind, content),) = value.items()
    return _READ[kind](content) if kind in _READ else None
