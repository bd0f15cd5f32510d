"""The workflows for forks: pinned, with least permissions, and with existing commands."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))

each = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load(path.read_text())
    return workflow


def test_zizmor_finds_nothing() -> None:
    """zizmor finds nothing, even with its pedantic persona."""
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [str(zizmor), "--offline", "--no-progress", "--persona=pedantic", str(GITHUB)]

    found = subprocess.run(command, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout + found.stderr


@each
def test_actions_are_pinned_to_commits(path: Path) -> None:
    """Each action is pinned to a commit, with its version in a comment."""
    uses = re.findall(r"uses: (.*)", path.read_text())

    assert uses
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", action) for action in uses)


@each
def test_permissions_are_set_by_job(path: Path) -> None:
    """A workflow has none, a job reads, and only jobs after the build may assume a role."""
    workflow = read(path)

    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        wanted = {"contents": "read"}
        if name in {"deploy", "smoke"}:
            wanted["id-token"] = "write"
        assert job["permissions"] == wanted
        assert job["timeout-minutes"] <= 60


@each
def test_called_targets_exist(path: Path) -> None:
    """Every make target of a workflow exists, and each workflow calls one."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    steps = [s for job in read(path)["jobs"].values() for s in job["steps"]]
    runs = "\n".join(step.get("run", "") for step in steps)

    called = re.findall(r"^\s*make (?:-C \S+ )?(.*)$", runs, re.MULTILINE)
    assert called
    for words in called:
        asked = [word for word in words.split() if "=" not in word]
        assert set(asked) <= targets


def test_deploys_every_environment() -> None:
    """The options are the environments of cdk.json on AWS."""
    inputs = read(GITHUB / "workflows" / "deploy.yml")[True]["workflow_dispatch"]["inputs"]  # type: ignore[index]  # YAML reads `on` as true
    context = yaml.safe_load((ROOT / "cdk.json").read_text())["context"]

    assert set(inputs["environment"]["options"]) == set(context["environments"]) - {"local"}
