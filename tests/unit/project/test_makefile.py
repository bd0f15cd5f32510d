"""Variables of the make command reach the commands as they are, whatever users put into them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.common import ROOT, make_command

HOSTILE = (
    "$(shell touch pwned)",
    "$$(shell touch pwned)",
    "$(touch pwned)",
    "`touch pwned`",
    "a;touch pwned",
    "a' ; touch pwned ; '",
    'a" ; touch pwned ; "',
    "a\\' && touch pwned",
    "a | touch pwned #",
    "${HOME} $HOME $$ % @ # \\ * ? ~ !!",
    "-n --eval=$(shell touch pwned)",
    "inner  blanks",
    "é 💬 = := ?=",
)

TARGETS = {
    "run": {"PORT", "EMULATOR_PORT", "IDENTITY"},
    "redeploy": {"PORT", "EMULATOR_PORT", "IDENTITY"},
    "wscat": {"NAME"},
    "ban-user": {"USER", "USER_JSON", "ENV"},
    "unban-user": {"USER", "USER_JSON", "ENV"},
    "export-user": {"USER", "USER_JSON", "ENV"},
    "erase-user": {"USER", "USER_JSON", "CONFIRM", "ENV"},
    "restore": {"AT", "ENV"},
    "canary-users": {"ENV"},
    "smoke": {"URL", "ENV", "TOKEN", "TOKEN2", "ORIGIN", "TIMEOUT_SECONDS"},
    "conformance": {"URL", "ENV", "TOKEN", "TOKEN2", "ORIGIN", "TIMEOUT_SECONDS"},
    "load": {"URL", "CLIENTS", "RATE", "ROOMS", "SECONDS", "TEXT", "ARRIVALS", "TOKEN", "TOKENS"},
    "estimate": {"USERS", "ROOMS", "RATE", "HOURS", "JOINED", "SESSIONS", "TEXT", "PEAK", "ENV"},
    "soak": {"MINUTES", "SEED"},
    "test": {"ARGS"},
    "unit": {"ARGS", "PYTHON"},
    "coverage": {"ARGS"},
    "bench": {"ARGS"},
}
"""The commands with variables. ARGS and PYTHON are the developer's own shell words."""

WORDS = {"ARGS", "PYTHON"}

STUB = """#!/bin/sh
printf '%s\\0' "$@" > {folder}/arguments
env -0 > {folder}/environment
"""

READY = (".venv/.ready", ".venv/.bundled", "node_modules/.ready", "web/node_modules/.ready")


class Project:
    """A folder with the Makefile, where each program writes its arguments and environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(ROOT / "Makefile", folder)
        needed = re.findall(r"[\w/.-]+\.txt|[\w/]*package(?:-lock)?\.json|[\w/]*\.npmrc", READ)
        for name in (*needed, *READY, "benchmarks/requirements.txt"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
        for name in READY:
            os.utime(folder / name, (2**31, 2**31))
        for name in ("python", "pytest", "npm"):
            program = folder / ".venv" / "bin" / name
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(STUB.format(folder=folder))
            program.chmod(0o755)

    def make(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run make, in a shell's environment."""
        env = {"PATH": os.environ["PATH"], "USER": "the-shells", "HOME": "/", **environment}
        return subprocess.run(
            ["make", "--no-print-directory", *arguments],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def got(self) -> tuple[list[str], dict[str, str]]:
        """The arguments and the environment of the last program."""
        arguments = self._written("arguments")
        environment = dict(it.split("=", 1) for it in self._written("environment"))
        return arguments, environment

    def _written(self, name: str) -> list[str]:
        return (self.folder / name).read_text().split("\0")[:-1]

    @property
    def is_pwned(self) -> bool:
        """Whether a value was run."""
        return (self.folder / "pwned").exists()


READ = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Provide a folder with the Makefile and stubs of the programs."""
    return Project(tmp_path)


@pytest.mark.parametrize("target", [name for name in TARGETS if not TARGETS[name] & WORDS])
def test_hostile_values_arrive_verbatim(project: Project, target: str) -> None:
    """No part of a value is run, by make or by the shell, and the program gets it unchanged."""
    for value in HOSTILE:
        done = project.make(target, *(f"{name}={value}" for name in TARGETS[target]))

        assert (done.returncode, project.is_pwned) == (0, False), (value, done.stderr)
        arguments, environment = project.got
        for name in TARGETS[target]:
            assert environment.get(name) == value or value in arguments


@pytest.mark.parametrize("target", TARGETS)
def test_values_that_a_command_does_not_take_are_not_run(project: Project, target: str) -> None:
    """A value is not run if its variable belongs to another command, or is misspelt."""
    names = {name for taken in TARGETS.values() for name in taken} - WORDS
    given = [f"{name}=$(shell touch pwned)" for name in (*names - TARGETS[target], "USR", "X-Y")]

    project.make(target, *given)

    assert not project.is_pwned


@pytest.mark.parametrize("target", ["ban-user", "erase-user"])
def test_a_value_has_one_line(project: Project, target: str) -> None:
    """Make would take further lines for further commands."""
    done = project.make(target, "USER=a'\ntouch pwned #")

    assert done.returncode == 2
    assert "USER has more than one line" in done.stderr
    assert not project.is_pwned


def test_the_shells_user_does_not_count(project: Project) -> None:
    """Every shell has a variable USER, which names nobody to ban."""
    project.make("ban-user")

    assert project.got[1]["USER"] == ""


def test_a_token_of_the_environment_counts(project: Project) -> None:
    """A token need not be on the command line, where other users of the machine see it."""
    project.make("smoke", TOKEN="$(shell touch pwned)")

    assert project.got[1]["TOKEN"] == "$(shell touch pwned)"
    assert not project.is_pwned


@pytest.mark.parametrize("value", HOSTILE)
def test_a_printed_command_gives_the_values_back(project: Project, value: str) -> None:
    """A command that an operator copies into a shell has the same values again."""
    command = make_command("erase-user", USER=value, CONFIRM=value)

    done = subprocess.run(
        ["sh", "-c", command], cwd=project.folder, capture_output=True, text=True, check=False
    )

    assert (done.returncode, project.is_pwned) == (0, False), done.stderr
    assert {project.got[1][name] for name in ("USER", "CONFIRM")} == {value}


def test_every_variable_of_the_makefile_is_tested() -> None:
    """A new command with a variable, or a new variable, has to be listed here."""
    described = re.findall(r"^([a-z-]+):.*## (.*)", READ, re.MULTILINE)
    recipes = dict(re.findall(r"^([a-z-]+):.*##.*\n((?:\t.*\n)+)", READ, re.MULTILINE))
    chat = set(re.search(r"^CHAT = (.*)$", READ, re.MULTILINE).group(1).split())  # type: ignore[union-attr]
    for target, text in described:
        named = set(re.findall(r"\b([A-Z][A-Z_0-9]+)=", text)) & {*re.findall(r"[A-Z_0-9]+", READ)}
        passed = re.findall(r"\$\(call (?:passed|given),([^)]*)\)", recipes.get(target, ""))
        taken = {name for names in passed for name in names.split()} - {"TEST_PROFILE", "$(CHAT"}
        taken |= chat if "$(CHAT" in " ".join(passed) else set()
        assert named | taken <= TARGETS.get(target, set()) | {"ENV", "USER"}, target
