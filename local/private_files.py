"""Files that no other account of this machine can read."""

import stat
from pathlib import Path

PRIVATE = 0o077
"""Mask without permissions for the group and for others."""
PUBLISHED = 0o022
"""Mask with which everybody may read; for files that are published, such as the page."""


def make_private(folder: Path) -> None:
    """Create *folder*, or remove the permissions of other accounts from it and all below it.

    Earlier versions of `make run` created files that others could read.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & PRIVATE:
        close(folder)


def close(folder: Path) -> None:
    """Remove the permissions of other accounts from *folder* and all below it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~PRIVATE)
