"""Small JSON files that are whole or not there, whenever a program is killed."""

import json
from pathlib import Path
from typing import Any


def write_json(path: Path, content: object) -> None:
    """Replace the file at *path* in one step; it is for this user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content) + "\n")
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in the file at *path*; None where there is no file, or no object in it."""
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return content if isinstance(content, dict) else None
