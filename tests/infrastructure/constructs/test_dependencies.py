"""The dependencies in the package: downloaded once, without unneeded files, and cached."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZipFile

import pytest

from chat_stack.errors import ConfigError
from chat_stack.functions.bundling import dependencies

INFO = "leaf-1.0.dist-info"
WHEEL = {
    "leaf/__init__.py": "",
    "leaf/tests/test_leaf.py": "",
    f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: leaf\nVersion: 1.0\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/entry_points.txt": "[console_scripts]\nleaf = leaf:main\n",
    f"{INFO}/licenses/LICENSE": "Free.\n",
    f"{INFO}/RECORD": "",
}


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Return a wheel to install, in a folder of its own."""
    path = tmp_path / "wheels" / "leaf-1.0-py3-none-any.whl"
    path.parent.mkdir()
    with ZipFile(path, "w") as archive:
        for name, content in WHEEL.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def fetch(tmp_path: Path, wheel: Path) -> Callable[[], Path]:
    """Return a function that installs the wheel as the only dependency, from its folder."""
    requirements = tmp_path / "requirements.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    requirements.write_text(
        f"--no-index\n--find-links {wheel.parent}\nleaf==1.0 --hash=sha256:{digest}\n"
    )

    return lambda: dependencies("lambda", requirements=requirements, cache=tmp_path / "cache")


def test_keeps_code_and_licence_only(fetch: Callable[[], Path]) -> None:
    """The folder has no tests, no scripts, and no files that pip writes about this machine."""
    folder = fetch()

    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {"leaf/__init__.py", f"{INFO}/METADATA", f"{INFO}/licenses/LICENSE"}


def test_fetches_once(fetch: Callable[[], Path], wheel: Path) -> None:
    """The second call needs no network and no wheel."""
    first = fetch()
    wheel.unlink()

    assert fetch() == first


def test_fetches_concurrently(fetch: Callable[[], Path]) -> None:
    """Concurrent calls leave one complete folder and no partial folder."""
    with ThreadPoolExecutor() as pool:
        folders = {future.result() for future in [pool.submit(fetch) for _ in range(3)]}

    (folder,) = folders
    assert list(folder.parent.iterdir()) == [folder]
    assert (folder / "leaf" / "__init__.py").exists()


def test_says_what_to_do_offline(fetch: Callable[[], Path], wheel: Path, tmp_path: Path) -> None:
    """The error for a missing wheel is one line that names the command. No file is left behind."""
    wheel.unlink()

    with pytest.raises(ConfigError) as caught:
        fetch()

    text = str(caught.value)
    assert "python -m chat_stack.functions.bundling" in text
    assert "No matching distribution found for leaf==1.0" in text
    assert "\n" not in text
    assert not list((tmp_path / "cache").iterdir())


def test_refuses_another_file_of_the_same_version(
    fetch: Callable[[], Path], wheel: Path, tmp_path: Path
) -> None:
    """A wheel of the right name and version, but with another hash, is not installed."""
    with ZipFile(wheel, "a") as archive:
        archive.writestr("leaf/added.py", "")

    with pytest.raises(ConfigError, match="HASHES"):
        fetch()

    assert not list((tmp_path / "cache").iterdir())


def test_refuses_a_requirement_without_a_hash(
    fetch: Callable[[], Path], wheel: Path, tmp_path: Path
) -> None:
    """A package without a hash is not installed."""
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"--no-index\n--find-links {wheel.parent}\nleaf==1.0\n")

    with pytest.raises(ConfigError, match="require-hashes"):
        fetch()
