"""References between the resources of a template, and what follows from them."""

import re
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

Resources = Mapping[str, Mapping[str, Any]]


def dependencies(resources: Resources) -> dict[str, set[str]]:
    """Return the logical ids that each resource waits for when CloudFormation creates it."""
    return {
        id_: {it for it in _references(resource) if it in resources}
        for id_, resource in resources.items()
    }


def closure(resources: Resources, id_: str) -> set[str]:
    """Return every resource that CloudFormation creates before *id_*."""
    graph = dependencies(resources)
    found: set[str] = set()
    waiting = [id_]
    while waiting:
        new = graph[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def order(resources: Resources) -> list[str]:
    """Return an order of creation. Raises `CycleError`."""
    return [*TopologicalSorter(dependencies(resources)).static_order()]


def _references(value: object) -> Iterator[str]:
    """Yield the names in DependsOn, Ref, GetAtt and Sub, at every depth."""
    match value:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::GetAtt": str(text)}:
            yield text.partition(".")[0]
        case {"Fn::Sub": [str(text), dict(given)]}:
            yield from (it for it in _in_text(text) if it not in given)
            yield from _references(given)
        case {"Fn::Sub": str(text)}:
            yield from _in_text(text)
        case dict():
            depends = value.get("DependsOn", [])
            yield from [depends] if isinstance(depends, str) else depends
            for item in value.values():
                yield from _references(item)
        case list():
            for item in value:
                yield from _references(item)


def _in_text(text: str) -> list[str]:
    return re.findall(r"\$\{([A-Za-z0-9]+)", text)
