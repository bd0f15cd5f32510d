"""AttributeValues equal those of boto3."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from chat.dynamodb.attribute_values import marshal, unmarshal
from tests.support.hypothesis_profiles import generated

PLAIN = st.text() | st.booleans() | st.integers(-(10**30), 10**30) | st.sets(st.text(), min_size=1)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@generated(full=100, soak=100)
@given(VALUES)
def test_equals_boto3(value: Any) -> None:
    """Every value that an item may have is marshalled and unmarshalled as boto3 does."""
    written = marshal(value)

    theirs = TypeSerializer().serialize(value)
    assert _ordered(written) == _ordered(theirs)
    assert unmarshal(written) == TypeDeserializer().deserialize(theirs)


def test_numbers_are_decimals() -> None:
    """A number keeps its digits."""
    assert unmarshal({"N": "1.10"}) == Decimal("1.10")
    assert marshal(Decimal("1.10")) == {"N": "1.10"}


def test_reads_what_a_later_version_writes() -> None:
    """Each type of DynamoDB is read as boto3 reads it, and a type that is not known yet as None."""
    values: list[Any] = [{"B": b"\x00"}, {"BS": [b"\x00"]}, {"NULL": True}, {"L": [{"NULL": True}]}]
    theirs = [TypeDeserializer().deserialize(value) for value in values]

    assert [unmarshal(value) for value in values] == theirs
    assert unmarshal({"V": [0.5]}) is None


@pytest.mark.parametrize("value", [1.5, b"bytes", None, object()])
def test_refuses_what_no_item_holds(value: object) -> None:
    """A value of another type is a mistake of the code and raises TypeError."""
    with pytest.raises(TypeError):
        marshal(value)


def _ordered(wire: Any) -> Any:
    """Return the value with sorted sets. DynamoDB does not order them."""
    match wire:
        case {"SS": members}:
            return {"SS": sorted(members)}
        case dict():
            return {key: _ordered(value) for key, value in wire.items()}
        case list():
            return [_ordered(value) for value in wire]
    return wire
