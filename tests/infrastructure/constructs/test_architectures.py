"""The processors and memory of functions, their reserved concurrency, and their wheels."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chat_stack.functions import bundling
from tests.infrastructure.synthesis import CHAT, CONTEXT, Synthesized, synthesize


def stack(folder: Path, **settings: Any) -> Synthesized:
    """Return the stack of prod, with other *settings*."""
    given = {**CONTEXT["environments"]["prod"], "webHosting": False, **settings}
    context: dict[str, Any] = {"environments": {"it": given}, "aws:cdk:bundling-stacks": []}
    return synthesize(folder, None, **context)["Chat-it"]


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_every_function_has_the_processor_of_the_settings(
    tmp_path: Path, architecture: str
) -> None:
    """All functions have the same processor, because they share a package with its wheels."""
    functions = stack(tmp_path, architecture=architecture).functions()

    assert len(functions) == 4
    assert {name: it["Architectures"] for name, it in functions.items()} == {
        name: [architecture] for name in functions
    }


def test_only_the_chat_has_reserved_concurrency(tmp_path: Path) -> None:
    """Only the function for requests has it. Without the setting, no function has it."""
    reserved = stack(tmp_path / "a", reservedConcurrency=50).functions()
    free = stack(tmp_path / "b").functions()

    assert _reserved(reserved) == {CHAT: 50}
    assert _reserved(free) == {}


@pytest.mark.parametrize(
    ("package_for", "architecture", "target"),
    [
        ("lambda", "arm64", "lambda"),
        ("lambda", "x86_64", "lambda-x86_64"),
        ("host", "arm64", "host"),
        ("host", "x86_64", "host"),
    ],
)
def test_the_package_is_for_the_processor(
    package_for: Any, architecture: Any, target: bundling.Target
) -> None:
    """Packages for Lambda differ by processor. The package for the host has the host's."""
    assert bundling.target(package_for, architecture) == target


@pytest.mark.parametrize(
    ("target", "machine"), [("lambda", "aarch64"), ("lambda-x86_64", "x86-64")]
)
def test_the_wheels_are_for_the_processor(target: bundling.Target, machine: str) -> None:
    """The ELF header of each compiled library names the processor."""
    machines = {"aarch64": 0xB7, "x86-64": 0x3E}  # https://refspecs.linuxfoundation.org/elf/

    libraries = [*bundling.dependencies(target).rglob("*.so")]

    assert libraries
    assert {path.read_bytes()[18] for path in libraries} == {machines[machine]}


def _reserved(functions: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    reserved = "ReservedConcurrentExecutions"
    return {name: it[reserved] for name, it in functions.items() if reserved in it}


def test_memory_is_that_of_the_settings(all_options: Synthesized) -> None:
    """Each function of the package has the configured memory, including the authorizer."""
    assert {it["MemorySize"] for it in all_options.functions().values()} == {512}
