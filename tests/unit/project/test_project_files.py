"""The files around the code: manifests, Dependabot, workflows, Makefile, pre-commit."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
NPM = ("package.json", "package-lock.json", "web/package.json", "web/package-lock.json")


def test_manifests_name_the_licence() -> None:
    """Python's manifest and npm's name the licence of the file LICENSE."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages = [json.loads((ROOT / name).read_text()) for name in NPM]

    assert (ROOT / "LICENSE").read_text().startswith("MIT No Attribution\n")
    assert project["license"] == "MIT-0"
    assert {package.get("packages", {"": package})[""]["license"] for package in packages} == {
        "MIT-0"
    }


def test_dependabot_updates_every_manifest() -> None:
    """Each folder with requirements or a package.json is listed for its ecosystem."""
    updates = _yaml(".github/dependabot.yml")["updates"]
    listed = {entry["package-ecosystem"]: set(entry.get("directories", ())) for entry in updates}

    assert listed["pip"] == _folders("requirements*.txt")
    assert listed["npm"] == _folders("package.json")


def test_workflow_runs_the_oldest_and_the_deployed_python() -> None:
    """The matrix has the minimum of the manifest and the runtime of the functions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    source = "".join(path.read_text() for path in (ROOT / "chat_stack").rglob("*.py"))
    (deployed,) = set(re.findall(r"Runtime\.PYTHON_(\d+_\d+)", source))
    job = _yaml(".github/workflows/check.yml")["jobs"]["versions"]

    assert job["strategy"]["matrix"]["python"] == [
        project["requires-python"].removeprefix(">="),
        deployed.replace("_", "."),
    ]
    for folder in job["steps"][-1]["env"]["ARGS"].split():
        assert (ROOT / folder).is_dir()


def test_every_command_of_the_makefile_is_phony() -> None:
    """A file with a target's name, such as a folder `web`, stops no command."""
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):(?!=)", makefile, re.MULTILINE))
    described = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))

    assert "bench" in targets
    assert targets == described, "make takes a target without a description for a file"


def test_pre_commit_runs_the_check() -> None:
    """A commit and `make check` are held to the same rules."""
    (repository,) = _yaml(".pre-commit-config.yaml")["repos"]
    (hook,) = repository["hooks"]

    assert repository["repo"] == "local"
    assert hook["entry"] == "make check"


def _yaml(name: str) -> Any:
    """Return the content of a YAML file."""
    return yaml.safe_load((ROOT / name).read_text())


def _folders(pattern: str) -> set[str]:
    """Return the folders of the repository that have a file of the pattern."""
    found = (path for depth in ("", "*/", "*/*/") for path in ROOT.glob(depth + pattern))
    folders = {path.parent.relative_to(ROOT) for path in found}
    installed = re.compile(r"(^|/)(\.|node_modules)")
    own = {path for path in folders if path == Path() or not installed.search(path.as_posix())}
    return {"/" if path == Path() else f"/{path.as_posix()}" for path in own}
