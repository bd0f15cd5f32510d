"""DynamoDB's expressions: conditions, and the changes of an update."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chat.dynamodb.attribute_values import marshal

Item = dict[str, Any]

_NONE: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a write: its text, and the values and names behind its placeholders.

    Placeholders of changes begin with a digit (`:0`, `#0`), so a condition's begin with a letter.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def __and__(self, other: "Condition") -> "Condition":
        """Return the condition that both hold."""
        return Condition(
            f"{self.text} AND {other.text}",
            {**self.values, **other.values},
            {**self.names, **other.names},
        )


EXISTS = Condition("attribute_exists(pk)")
IS_NEW = Condition("attribute_not_exists(pk)")


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of one update, by DynamoDB's clauses.

    A value None in *sets* removes the attribute. The *defaults* are set if the attribute is
    missing. The clause *appends* adds elements to lists. The clause *adds* adds to numbers, and
    adds elements to sets. The clause *deletes* takes elements out of sets. The names in *removes*
    are attributes or list elements (`list[0]`).
    """

    sets: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    appends: Mapping[str, Any] = field(default_factory=dict)
    adds: Mapping[str, Any] = field(default_factory=dict)
    deletes: Mapping[str, Any] = field(default_factory=dict)
    removes: Iterable[str] = ()

    def request(self) -> Item:
        """Return the update expression with its values and names, as a request has them."""
        return _Expression().of(self)


class _Expression:
    """An update expression under construction."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def of(self, changes: Changes) -> Item:
        """Return the request's part."""
        removed = [name for name, value in changes.sets.items() if value is None]
        given = {name: value for name, value in changes.sets.items() if value is not None}
        clauses = {
            "SET": [
                *(f"{self._name(n)} = {self._value(v)}" for n, v in given.items()),
                *(self._default(n, v) for n, v in changes.defaults.items()),
                *(self._append(n, v) for n, v in changes.appends.items()),
            ],
            "REMOVE": [self._name(name) for name in (*removed, *changes.removes)],
            "ADD": [f"{self._name(n)} {self._value(v)}" for n, v in changes.adds.items()],
            "DELETE": [f"{self._name(n)} {self._value(v)}" for n, v in changes.deletes.items()],
        }
        text = " ".join(
            f"{clause} {', '.join(parts)}" for clause, parts in clauses.items() if parts
        )
        return {
            "UpdateExpression": text,
            "ExpressionAttributeNames": self._names,
            "ExpressionAttributeValues": self._values,
        }

    def _default(self, name: str, value: Any) -> str:
        alias = self._name(name)
        return f"{alias} = if_not_exists({alias}, {self._value(value)})"

    def _append(self, name: str, elements: Any) -> str:
        alias, empty = self._name(name), self._value([])
        return f"{alias} = list_append(if_not_exists({alias}, {empty}), {self._value(elements)})"

    def _name(self, path: str) -> str:
        """Return an alias of an attribute or a list element. An alias is never a reserved word."""
        name, bracket, rest = path.partition("[")
        alias = f"#{len(self._names)}"
        self._names[alias] = name
        return f"{alias}{bracket}{rest}"

    def _value(self, value: Any) -> str:
        placeholder = f":{len(self._values)}"
        self._values[placeholder] = value
        return placeholder


def request_of(condition: Condition | None, changes: Changes | None = None) -> Item:
    """Return the expressions of a write as its request has them, without the empty ones."""
    request: Item = changes.request() if changes else {}
    names = dict(request.get("ExpressionAttributeNames", _NONE))
    values = dict(request.get("ExpressionAttributeValues", _NONE))
    if condition:
        request["ConditionExpression"] = condition.text
        names |= condition.names
        values |= condition.values
    request["ExpressionAttributeNames"] = names
    request["ExpressionAttributeValues"] = {key: marshal(value) for key, value in values.items()}
    return {key: value for key, value in request.items() if value}
