"""Import path of the commands: `python -m` adds the repository's root, and this adds the rest.

It imports little, because the benchmarks measure the start of processes that import it.
"""

import sys

ROOT = __file__.removesuffix("/tools/source_folders.py")
FOLDERS = ("lambda", "canary")
"""Folders with Python packages that are not installed: `chat` and `smoke`."""


def add_source_folders() -> None:
    """Make `chat` and `smoke` importable."""
    for folder in FOLDERS:
        path = f"{ROOT}/{folder}"
        if path not in sys.path:
            sys.path.insert(0, path)
