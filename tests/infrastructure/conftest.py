"""The templates of all environments, synthesized once for all tests."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from chat_stack.web import page
from tests.infrastructure.all_settings import FURTHER, MORE
from tests.infrastructure.synthesis import (
    CONTEXT,
    ENVIRONMENTS,
    WITHOUT_PAGE,
    Synthesized,
    synthesize,
)


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Synthesized]:
    """Return the stack of each environment, without the page."""
    return synthesize(tmp_path_factory.mktemp("assembly") / "cdk.out")


@pytest.fixture(scope="session")
def built_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like the output of Vite."""
    built = tmp_path_factory.mktemp("page")
    (built / "assets").mkdir()
    (built / "assets" / "index-abc.js").write_text("1")
    (built / "index.html").write_text("<!doctype html>")
    (built / "config.json").write_text(json.dumps(page.config("ws://the.editor")))
    page.mark_current(page.fingerprint(), built)
    return built


@pytest.fixture(scope="session")
def stacks_with_page(
    tmp_path_factory: pytest.TempPathFactory, built_page: Path
) -> Mapping[str, Synthesized]:
    """Return the stack of each environment, and two stacks with other settings."""
    environments = {**CONTEXT["environments"], **MORE}
    folder = tmp_path_factory.mktemp("hosted") / "cdk.out"
    return synthesize(folder, built_page, environments=environments)


@pytest.fixture(scope="session")
def further_stacks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Synthesized]:
    """Return the emulator's stack with sign-in, and stacks with settings that no other has."""
    local = {**CONTEXT["environments"]["local"], "identity": {"type": "cognito"}}
    folder = tmp_path_factory.mktemp("further") / "cdk.out"
    environments = {"local": local, **FURTHER}
    return synthesize(folder, environments=environments)


@pytest.fixture(scope="session")
def all_stacks(
    stacks_with_page: Mapping[str, Synthesized], further_stacks: Mapping[str, Synthesized]
) -> Mapping[str, Synthesized]:
    """Return every stack. Each setting has at least two values among them."""
    return {**further_stacks, **stacks_with_page}


@pytest.fixture(scope="session")
def all_options(stacks_with_page: Mapping[str, Synthesized]) -> Synthesized:
    """Return the stack with every optional part."""
    return stacks_with_page["Chat-every"]


@pytest.fixture(scope="session")
def all_options_variant(stacks_with_page: Mapping[str, Synthesized]) -> Synthesized:
    """Return the stack with every optional part, in its other variant."""
    return stacks_with_page["Chat-other"]


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """Return production with a canary, and with the real packages of the chat and the canary."""
    folder = tmp_path_factory.mktemp("packaged") / "cdk.out"
    environments = {"prod": {**WITHOUT_PAGE["prod"], "canaryMinutes": 5}}
    return synthesize(folder, packages=True, environments=environments)["Chat-prod"]


@pytest.fixture(scope="session")
def prod(stacks: Mapping[str, Synthesized]) -> Synthesized:
    """Return the stack of production."""
    return stacks["Chat-prod"]


@pytest.fixture(params=ENVIRONMENTS)
def each_environment(
    request: pytest.FixtureRequest, stacks: Mapping[str, Synthesized]
) -> Synthesized:
    """Return the stack of each environment in turn."""
    return stacks[f"Chat-{request.param}"]
