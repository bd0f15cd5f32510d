"""The functions of the template, and their package."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import FileSystem

from chat_stack.functions import bundling
from tests.infrastructure.synthesis import (
    AUTHORIZER,
    CHAT,
    CLOSER,
    CONSUMER,
    WITHOUT_PAGE,
    Synthesized,
    synthesize,
)

CPYTHON = (".cpython-314-aarch64-linux-gnu.so", ".abi3.so")
ARM = b"\xb7\x00"
"""The machine, in bytes 18 and 19 of an ELF file."""


def test_functions_run_on_arm_with_the_newest_python(each_environment: Synthesized) -> None:
    """All functions have one package, arm64 and Python 3.14, each with its own entry point."""
    functions = each_environment.functions()

    of_tokens = set() if each_environment.has_guests else {AUTHORIZER}
    assert set(functions) == {CHAT, CONSUMER, CLOSER} | of_tokens
    for function in functions.values():
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == "python3.14"
        assert function["Code"] == each_environment.function()["Code"]
        assert 0 < function["Timeout"] < 60
    assert each_environment.function()["Timeout"] < 29, "API Gateway waits 29 seconds"


def test_package_is_for_the_function(packaged: Synthesized) -> None:
    """The package has the code at its root, and dependencies compiled for the function."""
    package = packaged.folder / f"asset.{_asset(packaged)}"

    assert (package / "chat" / "app.py").is_file()
    compiled = list(package.rglob("*.so"))
    assert compiled
    assert all(path.name.endswith(CPYTHON) for path in compiled)
    assert {path.read_bytes()[18:20] for path in compiled} == {ARM}


def test_package_holds_what_it_needs_and_no_more(packaged: Synthesized) -> None:
    """The package has licences, but no SDK, bytecode, tests or scripts. The runtime has the SDK."""
    package = packaged.folder / f"asset.{_asset(packaged)}"

    names = {path.name for path in package.rglob("*")}

    unwanted = {"boto3", "botocore", "__pycache__", "tests", "bin", "requirements.txt", "RECORD"}
    assert not names & unwanted
    assert list(package.glob("msgspec-*.dist-info/licenses/LICENSE"))


def test_same_source_is_the_same_asset(packaged: Synthesized, tmp_path: Path) -> None:
    """A second synthesis gives the same hash, so an unchanged package is not deployed again."""
    environments = {"prod": WITHOUT_PAGE["prod"]}
    again = synthesize(tmp_path, packages=True, environments=environments)["Chat-prod"]

    assert _asset(again) == _asset(packaged)


def test_changed_source_is_another_asset(tmp_path: Path) -> None:
    """A change to the code changes the fingerprint of the package."""
    shutil.copytree(bundling.SOURCE, tmp_path / "source")
    package = bundling.assemble("host", tmp_path / "package", source=tmp_path / "source")
    before = FileSystem.fingerprint(str(package))

    with (tmp_path / "source" / "chat" / "app.py").open("a") as code:
        code.write("# changed\n")
    package = bundling.assemble("host", tmp_path / "package", source=tmp_path / "source")

    assert FileSystem.fingerprint(str(package)) != before


def test_leftovers_are_not_packaged(tmp_path: Path) -> None:
    """The package has no bytecode and no files of a file browser."""
    source = shutil.copytree(bundling.SOURCE, tmp_path / "source")
    for leftover in ("chat/__pycache__/app.pyc", "chat/.DS_Store", "chat/stray.pyc"):
        (source / leftover).parent.mkdir(exist_ok=True)
        (source / leftover).write_text("")

    package = bundling.assemble("host", tmp_path / "package", source=source)

    names = {path.name for path in package.rglob("*")}
    assert not names & {"__pycache__", ".DS_Store", "stray.pyc", "app.pyc"}


def test_lambda_can_read_the_package(tmp_path: Path) -> None:
    """A package has the same modes whatever umask its builder has; Lambda is another account."""
    source = shutil.copytree(bundling.SOURCE, tmp_path / "source")
    for path in (source, *source.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)

    package = bundling.assemble("lambda", tmp_path / "package", source=source)

    modes = {(it.is_dir(), it.stat().st_mode & 0o777) for it in (package, *package.rglob("*"))}
    assert modes == {(True, 0o755), (False, 0o644)}


def test_listing_makes_no_package(tmp_path: Path) -> None:
    """`cdk ls` builds no package, so it works before the dependencies are downloaded."""
    context: dict[str, Any] = {"aws:cdk:bundling-stacks": []}

    stacks = synthesize(tmp_path, packages=True, **context)

    assert list(stacks) == ["Chat-local", "Chat-dev", "Chat-staging", "Chat-prod"]
    assert not list(tmp_path.glob("package-*"))


def _asset(synthesized: Synthesized) -> str:
    """Return the asset's hash, which is the name of its object in S3."""
    code: Mapping[str, str] = synthesized.function()["Code"]
    return code["S3Key"].removesuffix(".zip")
