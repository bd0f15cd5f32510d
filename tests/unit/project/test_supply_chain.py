"""Packages of other authors: hashes for what is deployed, no install scripts, separate jobs."""

import io
import json
import re
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.generate.hashes import DEPLOYED, hashes

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
NPM_ROOTS = (ROOT, ROOT / "web")
DEPLOY = ROOT / ".github" / "workflows" / "deploy.yml"

DEPLOYING_COMMANDS = (
    r"npm ci --omit=dev --ignore-scripts",
    r'\.github/unpack-assembly\.sh cdk\.out\.tar "\$RUNNER_TEMP"',
    r'export PATH="\$PWD/node_modules/\.bin:\$PATH"',
    r'cdk (diff|deploy) "Chat-\$ENVIRONMENT" --app "\$RUNNER_TEMP/cdk\.out" .*',
    r"--outputs-file outputs\.json",
    r"url=\$\(jq --raw-output '\.\[\]\.WebSocketUrl' outputs\.json\)",
    r'echo "url=\$url" >> "\$GITHUB_OUTPUT"',
)
"""Every command that the deploying job may run."""

DEPLOYING_ACTIONS = {
    "actions/checkout",
    "actions/setup-node",
    "actions/download-artifact",
    "aws-actions/configure-aws-credentials",
}


def test_only_two_jobs_can_assume_a_role() -> None:
    """A job with `id-token: write` deploys, or is the smoke test."""
    jobs = [
        name
        for path in WORKFLOWS
        for name, job in _jobs(path).items()
        if "id-token" in job["permissions"]
    ]

    assert jobs == ["deploy", "smoke"]


def test_deploying_job_runs_the_cdk_cli_alone() -> None:
    """The deploying job runs no make target, no test, no pip and no other action."""
    steps = _jobs(DEPLOY)["deploy"]["steps"]
    lines = [line.strip() for step in steps for line in step.get("run", "").splitlines()]
    actions = {step["uses"].split("@")[0] for step in steps if "uses" in step}

    assert lines
    assert [line for line in lines if not _is_known(line)] == []
    assert actions == DEPLOYING_ACTIONS


def _unpack(folder: Path, files: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Unpack an archive of files with the script of the deploying job, in an empty checkout."""
    archive, temporary = folder / "cdk.out.tar", folder / "temporary"
    temporary.mkdir()
    with tarfile.open(archive, "w") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    return subprocess.run(
        [ROOT / ".github" / "unpack-assembly.sh", archive, temporary],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


ASSETS = {"files": {"a": {"source": {"path": "asset.a", "packaging": "zip"}}}, "dockerImages": {}}


def test_the_archive_of_the_build_replaces_nothing(tmp_path: Path) -> None:
    """Only its folder `cdk.out` is unpacked, outside the checkout."""
    files = {"cdk.out/S.assets.json": json.dumps(ASSETS), "node_modules/.bin/cdk": "evil"}

    result = _unpack(tmp_path, files)

    assert result.returncode == 0, result.stderr
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"cdk.out.tar", "temporary/cdk.out/S.assets.json"}


@pytest.mark.parametrize(
    "assets",
    [
        {"files": {"a": {"source": {"executable": ["sh", "-c", "evil"]}}}},
        {"files": {"a": {"source": {"path": "x", "executable": ["evil"]}}}},
        {"dockerImages": {"a": {"source": {"directory": "evil"}}}},
    ],
    ids=["executable", "path and executable", "Docker"],
)
def test_assets_that_run_commands_are_refused(tmp_path: Path, assets: dict[str, Any]) -> None:
    """Executable and Docker assets would run in the job that may deploy."""
    files = {
        "cdk.out/S.assets.json": json.dumps(ASSETS),
        "cdk.out/inner/T.assets.json": json.dumps(assets),
    }

    result = _unpack(tmp_path, files)

    assert result.returncode == 1
    assert result.stderr == "T.assets.json: an asset would run a command in the deploying job\n"


def test_deploying_job_installs_the_cdk_cli_alone() -> None:
    """`npm ci --omit=dev` installs the CDK CLI, which has no dependencies that npm must install."""
    manifest = json.loads((ROOT / "package.json").read_text())
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    installed = {
        name
        for name, package in packages.items()
        if name and not package.get("dev") and not package.get("optional")
    }

    assert set(manifest["dependencies"]) == {"aws-cdk"}
    assert installed == {"node_modules/aws-cdk"}


def test_deploying_role_is_for_the_deploying_job() -> None:
    """The smoke test has an environment and a role of its own."""
    jobs = _jobs(DEPLOY)
    texts = {name: json.dumps(job) for name, job in jobs.items()}

    assert [name for name, text in texts.items() if "vars.AWS_ROLE " in text] == ["deploy"]
    assert [name for name, job in jobs.items() if "environment" in job] == ["deploy", "smoke"]
    assert jobs["smoke"]["environment"] == f"smoke-{jobs['deploy']['environment']}"


def test_what_is_deployed_does_not_come_from_the_tests() -> None:
    """The build is a job of its own, without the tests, and the deployment waits for both."""
    jobs = _jobs(DEPLOY)
    runs = "\n".join(step.get("run", "") for step in jobs["build"]["steps"])

    assert "needs" not in jobs["build"]
    assert not re.search(r"pytest|\.ci/run|make (test|check|unit)", runs)
    assert jobs["deploy"]["needs"] == ["check", "build"]


@pytest.mark.parametrize("folder", NPM_ROOTS, ids=lambda path: path.name)
def test_npm_runs_no_install_scripts(folder: Path) -> None:
    """npm ignores install scripts, and no package has one. Each package has its hash."""
    options = (folder / ".npmrc").read_text().splitlines()
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]

    assert "ignore-scripts=true" in options
    for name, package in packages.items():
        assert not package.get("hasInstallScript"), name
        assert not name or package["integrity"].startswith("sha512-"), name


@pytest.mark.parametrize("path", DEPLOYED, ids=lambda path: path.parent.name)
def test_deployed_packages_have_hashes(path: Path) -> None:
    """Each package has a version and hashes, and no line names a package index."""
    text = path.read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]

    assert lines
    for line in lines:
        assert re.match(r"[A-Za-z0-9]+==[\d.]+(;| )", line), line
        assert re.search(r"( +--hash=sha256:[0-9a-f]{64})+$", line), line
    assert "://" not in text


def test_hashes_are_of_wheels_that_can_be_installed() -> None:
    """Other versions, source archives, and wheels of Pythons that are too old are left out."""
    files = {
        "a": "leaf-1.0-py3-none-any.whl",
        "b": "leaf-1.0-cp39-abi3-manylinux_2_34_aarch64.whl",
        "c": "leaf-1.0-cp314-cp314-manylinux2014_aarch64.manylinux_2_17_aarch64.whl",
        "d": "leaf-1.0-cp310-cp310-win_amd64.whl",
        "e": "leaf-1.0-pp311-pypy311_pp73-win_amd64.whl",
        "f": "leaf-1.0.tar.gz",
        "0": "leaf-1.0.1-py3-none-any.whl",
    }
    page = "\n".join(
        f'<a href="/files/{file}#sha256={digit * 64}" data-x="&gt;=3.9">{file}</a><br/>'
        for digit, file in files.items()
    )

    assert [digest[0] for digest in hashes(page, "1.0")] == ["a", "b", "c"]


def _is_known(line: str) -> bool:
    return any(re.fullmatch(pattern, line) for pattern in DEPLOYING_COMMANDS)


def _jobs(path: Path) -> dict[str, dict[str, Any]]:
    """Return the jobs of a workflow."""
    jobs: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text())["jobs"]
    return jobs
