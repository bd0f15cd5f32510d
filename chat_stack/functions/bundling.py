"""The Lambda package without Docker: the source, and pip's wheels for where it will run.

`python -m chat_stack.functions.bundling` fetches the wheels for every target.
From then on, packaging needs no network.
"""

import hashlib
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from chat_stack.errors import ConfigError

Architecture = Literal["arm64", "x86_64"]
Target = Literal["lambda", "lambda-x86_64", "host"]

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "lambda"
CANARY = PROJECT / "canary"
"""Source of the canary: a package of its own, because it needs other wheels."""
CACHE = PROJECT / ".cache"
JUNK = ("__pycache__", "*.pyc", ".*", "requirements.txt")

# Lambda's Python 3.14 is Amazon Linux 2023, whose glibc is 2.34.
GLIBC = ("manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014")
MACHINES: Mapping[Target, str] = {"lambda": "aarch64", "lambda-x86_64": "x86_64"}


def target(package_for: Literal["lambda", "host"], architecture: Architecture) -> Target:
    """Return the target of a package; for the host, the architecture does not matter."""
    return "lambda-x86_64" if (package_for, architecture) == ("lambda", "x86_64") else package_for


def assemble(target: Target, destination: Path, *, source: Path = SOURCE) -> Path:
    """Write the package of *source* for *target* to *destination*, replacing its content."""
    wheels = dependencies(target, requirements=source / "requirements.txt")
    shutil.rmtree(destination, ignore_errors=True)
    shutil.copytree(wheels, destination)
    shutil.copytree(source, destination, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*JUNK))
    if target in MACHINES:
        _make_readable(destination)
    return destination


def _make_readable(folder: Path) -> None:
    """Let every account read the files, whatever umask they were made with.

    Lambda runs a function under another account than the files' owner.
    """
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def dependencies(
    target: Target, *, requirements: Path = SOURCE / "requirements.txt", cache: Path = CACHE
) -> Path:
    """Return the folder in *cache* with *requirements*, which are installed on first use.

    The requirements name every package with its version and the hashes of its wheels. pip installs
    no others.
    """
    options = _options(target)
    ready = cache / f"{target}-{_key(requirements, *options)}"
    if not ready.exists():
        cache.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            draft = Path(folder) / "packages"
            draft.mkdir()
            _install(requirements, draft, *options)
            _strip(draft)
            _publish(draft, ready)
    return ready


def _options(target: Target) -> tuple[str, ...]:
    """Return the options with which pip installs for another machine."""
    if target not in MACHINES:
        return ()
    platforms = (f"--platform={tag}_{MACHINES[target]}" for tag in GLIBC)
    return ("--implementation", "cp", "--python-version", "3.14", *platforms)


def _key(requirements: Path, *options: str) -> str:
    """Return a key that differs if pip would install other packages."""
    python = () if options else (sys.implementation.cache_tag, sysconfig.get_platform())
    text = "\n".join([requirements.read_text(), *options, *python])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _install(requirements: Path, folder: Path, *options: str) -> None:
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-color", "--no-input"),
        *(
            "--disable-pip-version-check",
            "--no-compile",
            "--no-deps",
            "--require-hashes",
            "--only-binary=:all:",
            "--retries",
            "1",
        ),
        *("--requirement", str(requirements), "--target", str(folder), *options),
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - pip
    if result.returncode != 0:
        errors = [line for line in result.stderr.splitlines() if line.startswith("ERROR: ")]
        raise ConfigError(
            "The dependencies of the Lambda package are not cached, and pip could not fetch them. "
            "Run `python -m chat_stack.functions.bundling` once while online. pip says: "
            f"{errors[-1] if errors else result.stderr.strip()}"
        )


def _strip(folder: Path) -> None:
    """Remove files that differ by machine; keep the code, the names and the licences."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for path in [path for pattern in ("__pycache__", "tests") for path in folder.rglob(pattern)]:
        shutil.rmtree(path)
    for info in folder.glob("*.dist-info"):
        for path in info.iterdir():
            if path.is_file() and not path.name.startswith(("METADATA", "LICEN", "NOTICE")):
                path.unlink()


def _publish(draft: Path, ready: Path) -> None:
    """Move *draft* to *ready* in one step, unless another process was faster."""
    try:
        draft.rename(ready)
    except OSError:
        if not ready.exists():
            raise


def main() -> int:
    """Fetch the dependencies for every target, and return the exit status."""
    try:
        for source in (SOURCE, CANARY):
            for target in get_args(Target):
                dependencies(target, requirements=source / "requirements.txt")
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
