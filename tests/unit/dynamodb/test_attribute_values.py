"""Values in DynamoDB's notation are those of boto3."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from chat.dynamodb.attribute_values import marshal, unmarshal

PLAIN = st.text() | st.booleans() | st.integers(-(10**30), 10**30) | st.sets(st.text(), min_size=1)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@given(VALUES)
def test_equals_boto3(value: Any) -> None:
    """Whatever an item may hold is written as boto3 would, and read back as boto3 would."""
    written = marshal(value)

    theirs = TypeSerializer().serialize(value)
    assert _ordered(written) == _ordered(theirs)
    assert unmarshal(written) == TypeDeserializer().deserialize(theirs)


def test_numbers_are_decimals() -> None:
    """A number keeps its digits."""
    assert unmarshal({"N": "1.10"}) == Decimal("1.10")
    assert marshal(Decimal("1.10")) == {"N": "1.10"}


@pytest.mark.parametrize("value", [1.5, b"bytes", None, object()])
def test_refuses_what_no_item_holds(value: object) -> None:
    """A value of another kind is a mistake of the code, told at once."""
    with pytest.raises(TypeError):
        marshal(value)


def _ordered(wire: Any) -> Any:
    """The same, with sets in order, which have none on the wire."""
    match wire:
        case {"SS": members}:
            return {"SS": sorted(members)}
        case dict():
            return {key: _ordered(value) for key, value in wire.items()}
        case list():
            return [_ordered(value) for value in wire]
    return wire
