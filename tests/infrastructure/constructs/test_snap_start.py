"""SnapStart, which an environment may enable."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.infrastructure.synthesis import WITHOUT_PAGE, Synthesized, synthesize


@pytest.fixture(scope="module")
def with_snapshots(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """Return the stack of dev with `snapStart`."""
    dev = {**WITHOUT_PAGE["dev"], "snapStart": True}
    folder: Path = tmp_path_factory.mktemp("snapshots")
    return synthesize(folder, environments={"dev": dev})["Chat-dev"]


def test_no_environment_has_it_by_default(stacks: Mapping[str, Synthesized]) -> None:
    """By default, the gateway calls the function, which has no version and no alias."""
    for stack in stacks.values():
        assert not stack.resources("AWS::Lambda::Version")
        assert not stack.resources("AWS::Lambda::Alias")
        assert "SnapStart" not in stack.function()


def test_the_gateway_calls_the_snapshot(with_snapshots: Synthesized) -> None:
    """Every route calls the alias of the newest version, which the stage may invoke."""
    (alias_id,) = with_snapshots.resources("AWS::Lambda::Alias")
    alias = with_snapshots.only("AWS::Lambda::Alias")
    (version_id,) = with_snapshots.resources("AWS::Lambda::Version")
    permission = with_snapshots.only("AWS::Lambda::Permission")

    assert with_snapshots.function()["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    assert alias["FunctionVersion"] == {"Fn::GetAtt": [version_id, "Version"]}
    assert permission["FunctionName"] == {"Ref": alias_id}
    assert {"Ref": alias_id} in _join(with_snapshots.only("AWS::ApiGatewayV2::Integration"))


def test_a_change_is_a_new_version(with_snapshots: Synthesized, tmp_path: Path) -> None:
    """A version is a snapshot of one configuration. A change creates another version."""
    changed = {**WITHOUT_PAGE["dev"], "snapStart": True, "textLength": 1_000}

    other = synthesize(tmp_path, environments={"dev": changed})["Chat-dev"]

    versions = [*other.resources("AWS::Lambda::Version")]
    assert versions != [*with_snapshots.resources("AWS::Lambda::Version")]


def _join(integration: Mapping[str, Any]) -> list[Any]:
    """Return the parts of the integration's URI."""
    parts: list[Any] = integration["IntegrationUri"]["Fn::Join"][1]
    return parts
