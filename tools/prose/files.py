"""Files of the repository, and the reader for each."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from tools.prose import comments, markdown, python, web
from tools.prose.passages import Reading

_LEFT_OUT = {"node_modules", "dist", "build", "cdk.out", "__pycache__"}
_HIDDEN = {".github", ".ci", ".devcontainer"}
"""Hidden folders that belong to the project."""
_COMMENTED = {".yml", ".toml", ".txt", ".sh", ".cfg"}


def find(root: Path, paths: Sequence[str]) -> Iterator[str]:
    """Yield the files below the paths, relative to *root*, that have a reader."""
    for path in paths or ["."]:
        target = root / path
        for file in _walk(target) if target.is_dir() else [target]:
            name = file.relative_to(root).as_posix()
            if _is_read(PurePosixPath(name)):
                yield name


def read(path: str, source: str) -> Reading:
    """Return what the reader for the file finds in it."""
    name = PurePosixPath(path)
    is_test = "tests" in name.parts or ".test." in name.name or "testing" in name.parts
    match name.suffix:
        case ".md":
            return markdown.read(source)
        case ".py":
            return python.read(source, is_test=is_test)
        case ".ts" | ".tsx":
            return web.read(source, is_test=is_test, is_page=name.suffix == ".tsx")
        case ".css":
            return web.read_css(source)
    return comments.read(source)


def _is_read(name: PurePosixPath) -> bool:
    """Return whether there is a reader for the file."""
    return name.suffix in {".md", ".py", ".ts", ".tsx", ".css"} | _COMMENTED or (
        name.name == "Makefile" or name.as_posix() == ".ci/run"
    )


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in order, without what tools write."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if name not in _LEFT_OUT and (not name.startswith(".") or name in _HIDDEN)
        )
        yield from (Path(parent, name) for name in sorted(files))
